import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

const limit = Symbol('body-limit');

/** Bytes that a body of this handler's may have, where that is not what it may have elsewhere. */
export const BodyLimit = (bytes: number): MethodDecorator => RouteConfig({ [limit]: bytes });

/** Must come before the routes do. */
export function limitBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const bytes = (route.config as { readonly [limit]?: number } | undefined)?.[limit];
    if (bytes !== undefined) route.bodyLimit = bytes;
  });
}
