import type { FastifyInstance } from 'fastify';
import { crossOriginConfig, isCrossOrigin } from './cors.js';
import { MethodNotAllowed } from './failure.js';

/**
 * Answers 405 with Allow at every path that has a route for another method (RFC 9110 section 15.5.6), before body, guards and limits.
 * Must come before the routes do; what it returns is called after the last of them.
 */
export function refuseOtherMethods(fastify: FastifyInstance): () => void {
  const routes = new Map<string, { readonly methods: Set<string>; crossOrigin: boolean }>();
  fastify.addHook('onRoute', ({ url, method, config }) => {
    const route = routes.get(url) ?? { methods: new Set(), crossOrigin: false };
    routes.set(url, route);
    for (const name of [method].flat()) route.methods.add(name);
    route.crossOrigin ||= isCrossOrigin(config);
  });
  return () => {
    for (const [url, { methods, crossOrigin }] of [...routes]) {
      const allow = [...methods].sort().join(', ');
      fastify.route({
        method: fastify.supportedMethods.filter((method) => !methods.has(method)),
        url,
        config: crossOrigin ? crossOriginConfig : {},
        onRequest: (_request, reply, done) => {
          void reply.header('Allow', allow);
          done(new MethodNotAllowed(`This path has ${allow} alone.`));
        },
        handler: () => undefined,
      });
    }
  };
}
