import { routes, serviceNames, type Route, type ServiceName } from '@signet/contracts';
import { stringify } from 'yaml';

/** What the first version of the Gateway API's HTTPRoute allows to one rule; later ones allow more. */
const mostMatches = 8;

/** The routing table as objects of the Gateway API, one for each service, attached to the Gateway `signet`. */
export function gatewayRoutes(host: string): string {
  return serviceNames.map((service) => stringify(httpRoute(service, host))).join('---\n');
}

function httpRoute(service: ServiceName, host: string): object {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: `signet-${service}`, labels: { 'app.kubernetes.io/part-of': 'signet' } },
    spec: {
      parentRefs: [{ name: 'signet' }],
      hostnames: [host],
      rules: batched(routes.filter((route) => route.service === service)).map((batch) => ({
        matches: batch.map(({ match, path }) => ({
          path: { type: match === 'Exact' ? 'Exact' : 'PathPrefix', value: path },
        })),
        backendRefs: [{ name: `signet-${service}`, port: 80 }],
      })),
    },
  };
}

function batched(all: readonly Route[]): Route[][] {
  const batches = Array.from({ length: Math.ceil(all.length / mostMatches) }, (_, index) => index * mostMatches);
  return batches.map((start) => all.slice(start, start + mostMatches));
}
