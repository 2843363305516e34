import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, RouteOptions } from 'fastify';

const crossOrigin = Symbol('cross-origin');

/** What a route of @Cors is configured with. */
export const crossOriginConfig = { [crossOrigin]: true } as const;

const exposed = 'WWW-Authenticate, DPoP-Nonce, Retry-After';
const asked = 'Authorization, Content-Type, DPoP, traceparent';

/**
 * Lets scripts of any origin read the answers of this handler, or of all handlers of this controller: without credentials, so that it gives them
 * nothing that a server of their own could not have. Preflight requests are answered without the handler.
 */
export function Cors(): ClassDecorator & MethodDecorator {
  const mark = RouteConfig(crossOriginConfig);
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => {
    if (key !== undefined && descriptor) {
      mark(target, key, descriptor);
      return;
    }
    const prototype = (target as { prototype: object }).prototype;
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const method = Object.getOwnPropertyDescriptor(prototype, name);
      if (name !== 'constructor' && typeof method?.value === 'function') mark(prototype, name, method);
    }
  };
}

/** Must come before the routes do. */
export function answerCrossOrigin(fastify: FastifyInstance): void {
  const methods = new Map<string, Set<string>>();
  fastify.addHook('onRoute', (route) => {
    if (!isCrossOrigin(route.config) || route.method === 'OPTIONS') return;
    const known = methods.get(route.url);
    const names = known ?? new Set<string>();
    for (const method of [route.method].flat()) names.add(method);
    if (known) return;
    methods.set(route.url, names);
    fastify.route(preflight(route.url, names));
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    if (isCrossOrigin(request.routeOptions.config))
      void reply.header('Access-Control-Allow-Origin', '*').header('Access-Control-Expose-Headers', exposed);
    done();
  });
}

function preflight(url: string, names: ReadonlySet<string>): RouteOptions {
  return {
    method: 'OPTIONS',
    url,
    config: crossOriginConfig,
    handler: (_request, reply) =>
      reply
        .status(204)
        .header('Access-Control-Allow-Methods', [...names].join(', '))
        .header('Access-Control-Allow-Headers', asked)
        .header('Access-Control-Max-Age', '600')
        .send(),
  };
}

export function isCrossOrigin(config: unknown): boolean {
  return typeof config === 'object' && config !== null && crossOrigin in config;
}
