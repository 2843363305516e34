import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Failpoint } from '@signet/contracts';
import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../observability/metrics.js';
import type { ServiceSpans } from '../observability/service-spans.js';
import { limitBodies } from './body-limit.js';
import { addBodyParsers, bodyLimit } from './body-parsers.js';
import { answerCrossOrigin } from './cors.js';
import { refuseOtherMethods } from './other-methods.js';
import { endpointOf, openRequestContexts, requestDeadline } from './request-context.js';

export interface AdapterOptions {
  readonly trustedProxies: readonly string[];
  readonly metrics: Metrics;
  readonly spans?: ServiceSpans | undefined;
  readonly failpoint: Failpoint | undefined;
}

export interface ServiceAdapter {
  readonly adapter: FastifyAdapter;
  /** To be called when Nest has made its routes: from then on it answers. */
  readonly complete: () => Promise<FastifyInstance>;
}

/** Fastify as every service has it. It never listens: the process's one listener hands requests to it. */
export function fastifyAdapter(options: AdapterOptions): ServiceAdapter {
  const adapter = new FastifyAdapter({
    logger: false,
    bodyLimit,
    handlerTimeout: requestDeadline,
    // The launcher ends connections; while it does so, requests under way are answered.
    return503OnClosing: false,
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    routerOptions: { maxParamLength: 256 },
    skipMiddie: true,
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  addBodyParsers(fastify);
  limitBodies(fastify);
  openRequestContexts(fastify, options.spans);
  const refuse = refuseOtherMethods(fastify);
  answerCrossOrigin(fastify);
  measure(fastify, options.metrics);
  const { failpoint } = options;
  if (failpoint)
    fastify.addHook('onSend', (request, _reply, payload, done) => {
      failpoint('before-respond', request.routeOptions.url ?? '');
      done(null, payload);
    });
  return {
    adapter,
    complete: async () => {
      refuse();
      await fastify.ready();
      return fastify;
    },
  };
}

/** Contracts and bodies are zod's. Fastify's own compilers, which take longer to load than Fastify does, would have nothing to do. */
function noSchemas(): never {
  throw new TypeError('A route of ours has no Fastify schema.');
}

function measure(fastify: FastifyInstance, metrics: Metrics): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const { method, route } = endpointOf(request);
    metrics.http.observe({ route, method, status: String(reply.statusCode) }, reply.elapsedTime / 1_000);
    done();
  });
}
