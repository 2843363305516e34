import { isIP } from 'node:net';
import { networkOf, type Network } from '@signet/contracts';
import ipaddr from 'ipaddr.js';
import type { HttpRequest } from './types.js';

/** Where the request came from: the connection's other end, or, where that is a trusted proxy, what it says of its own. */
export function networkOfRequest(request: HttpRequest): Network {
  // Fastify follows X-Forwarded-For from its right end through SIGNET_TRUSTED_PROXIES; what stands there need not be an address.
  const claimed = isIP(request.ip) === 0 ? (request.socket.remoteAddress ?? '') : request.ip;
  return networkOf(
    ipaddr.isValid(claimed) ? ipaddr.process(claimed).toString() : 'unknown',
    request.headers['user-agent'],
  );
}
