import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { startMesh, type Mesh } from '@signet/testing';
import { services } from '../src/services.js';

let mesh: Mesh;
beforeAll(async () => {
  mesh = await startMesh({ services });
}, 60_000);
afterAll(() => mesh.stop());

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** What the controllers of all services say of themselves: by path, with parameters filled in, its methods. */
function routes(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const of = (key: string, target: object) => [Reflect.getMetadata(key, target) as string | string[]].flat();
  const modules = mesh.running.services.flatMap(({ app }) => [...app.get(ModulesContainer).values()]);
  const controllers = modules.flatMap((module) => [...module.controllers.values()].map(({ metatype }) => metatype));
  for (const controller of controllers as Type[]) {
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(controller.prototype))) {
      if (typeof value !== 'function' || !Reflect.hasMetadata(METHOD_METADATA, value as object)) continue;
      const handler = value as object;
      const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
      for (const base of of(PATH_METADATA, controller)) {
        for (const rest of of(PATH_METADATA, handler)) {
          const path = `${base}/${rest}`.replaceAll(/\/+$/g, '').replaceAll(/:\w+/g, 'x');
          const known = found.get(path) ?? new Set();
          found.set(path, known.add(method));
          if (method === 'GET') known.add('HEAD');
        }
      }
    }
  }
  return found;
}

// RFC 9110 section 15.5.6; of /par RFC 9126 section 2.3.
describe('a path that has a route', () => {
  it('answers every other method with 405 and says which it has', async () => {
    const all = routes();
    for (const path of ['/token', '/par/t/x', '/authorize', '/jwks', '/register', '/logout']) {
      expect([path, all.has(path)]).toEqual([path, true]);
    }
    for (const [path, known] of all) {
      const { status: options } = await fetch(mesh.origin + path, { method: 'OPTIONS' });
      for (const method of methods) {
        const { status, headers } = await fetch(mesh.origin + path, { method });
        const allow = headers.get('Allow')?.split(', ') ?? [];
        const preflight = method === 'OPTIONS' && status === 204;
        expect([path, method, status === 405]).toEqual([path, method, !known.has(method) && !preflight]);
        if (status !== 405) continue;
        expect(allow.filter((name) => name !== 'OPTIONS')).toEqual([...known].sort());
        expect([path, options]).toEqual([path, allow.includes('OPTIONS') ? 204 : 405]);
      }
    }
  });

  it('says so before it looks at anything else, and to scripts where they may read', async () => {
    const body = 'x'.repeat(100);
    const headers = { 'Content-Type': 'x/y', Authorization: 'Basic nonsense' };
    const answer = await fetch(`${mesh.origin}/par/t/nobody`, { method: 'PUT', headers, body });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(await answer.json()).toMatchObject({ error: 'invalid_request' });
    const page = await fetch(`${mesh.origin}/sign-in`);
    expect([page.status, page.headers.get('Content-Type')]).toEqual([405, 'text/html; charset=utf-8']);
    expect(page.headers.has('Access-Control-Allow-Origin')).toBe(false);
  });
});
