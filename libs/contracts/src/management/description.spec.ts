import { describe, expect, it } from '@jest/globals';
import { describeOperations } from './description.js';
import { managementOperations } from './operations.js';
import { routeOf } from '../routes.js';
import { isManagementPermission } from './permissions.js';

const description = describeOperations(managementOperations);
const text = JSON.stringify(description);

describe('the description', () => {
  it('has every operation once, with its permission, at the service that has its collection', () => {
    const described = Object.values(description.paths).flatMap((methods) => Object.values(methods));
    expect(described.map(({ operationId }) => operationId).sort()).toEqual(
      managementOperations.map(({ id }) => id).sort(),
    );
    expect(new Set(managementOperations.map(({ id }) => id)).size).toBe(managementOperations.length);
    for (const { path, service, permission, method } of managementOperations) {
      expect([path, routeOf(`/admin/v1${path.replaceAll(/[{}]/g, '')}`)?.service]).toEqual([path, service]);
      expect([permission, isManagementPermission(permission)]).toEqual([permission, true]);
      expect(permission.endsWith(method === 'GET' ? ':read' : ':write')).toBe(true);
    }
  });

  it('refers to nothing that it does not have', () => {
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].flatMap(([, reference]) => reference ?? []);
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references) {
      expect(Object.keys(description.components.schemas)).toContain(reference.replace('#/components/schemas/', ''));
    }
    expect(text).not.toContain('$defs');
  });

  it('names each parameter of a path', () => {
    for (const [path, methods] of Object.entries(description.paths)) {
      const names = [...path.matchAll(/\{([a-z_]+)\}/g)].map(([, name]) => name);
      for (const { parameters } of Object.values(methods)) {
        expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(names);
      }
    }
  });
});
