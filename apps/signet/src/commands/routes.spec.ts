import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { routeOf, routes } from '@signet/contracts';
import { parse, parseAllDocuments } from 'yaml';
import { printed } from './routes.js';

describe('what `signet routes` prints', () => {
  it.each([
    ['gateway', 'k8s/routes/gateway/routes.yaml'],
    ['ingress', 'k8s/routes/ingress/ingress.yaml'],
    ['nginx', 'docker/nginx.conf'],
  ])('as %s is %s', async (form, file) => {
    expect(await readFile(new URL(`../../../../${file}`, import.meta.url), 'utf8')).toBe(printed(form));
  });

  it('is for the host that was asked for', () => {
    expect(printed('gateway', 'id.acme.example')).not.toContain('example.com');
    expect(printed('ingress', 'id.acme.example')).not.toContain('example.com');
  });

  it('has no other form', () => {
    expect(() => printed('traefik')).toThrow('give one form');
  });
});

interface HttpRoute {
  readonly spec: {
    readonly rules: readonly {
      readonly matches: readonly { readonly path: { readonly type: string; readonly value: string } }[];
      readonly backendRefs: readonly { readonly name: string }[];
    }[];
  };
}

interface Ingress {
  readonly spec: {
    readonly rules: readonly {
      readonly http: {
        readonly paths: readonly {
          readonly path: string;
          readonly backend: { readonly service: { readonly name: string } };
        }[];
      };
    }[];
  };
}

describe('each route', () => {
  const httpRoutes = [...parseAllDocuments(printed('gateway'))].map((document) => document.toJS() as HttpRoute);
  const rules = httpRoutes.flatMap(({ spec }) => spec.rules);
  const { spec } = parse(printed('ingress')) as Ingress;
  const backendOf = (path: string) => ['signet', routeOf(path)?.service].join('-');

  it('leads by the Gateway to the service that the table names, once', () => {
    const found = rules.flatMap(({ matches, backendRefs }) => matches.map(({ path }) => ({ path, backendRefs })));
    expect(found).toHaveLength(routes.length);
    for (const { path, backendRefs } of found) {
      expect(backendRefs.map(({ name }) => name)).toEqual([backendOf(path.value)]);
    }
  });

  it('leads by the Ingress to the service that the table names, once', () => {
    const found = spec.rules.flatMap(({ http }) => http.paths);
    expect(found).toHaveLength(routes.length);
    for (const { path, backend } of found) expect(backend.service.name).toBe(backendOf(path));
  });

  it('is in a rule of no more matches than every version of the Gateway API allows', () => {
    expect(Math.max(...rules.map(({ matches }) => matches.length))).toBeLessThanOrEqual(8);
    expect(Math.max(...httpRoutes.map((route) => route.spec.rules.length))).toBeLessThanOrEqual(16);
  });
});
