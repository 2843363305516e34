import { command, CommandFailed } from '../command.js';
import { gatewayRoutes } from '../routing/gateway-routes.js';
import { ingress } from '../routing/ingress.js';
import { nginxConfiguration } from '../routing/nginx.js';

/** The host of what is in k8s/: an overlay puts its own in its place. */
const exampleHost = 'id.example.com';

export const routesPrinted = command({
  words: ['routes'],
  summary:
    'Prints which service answers which path: as routes of the Gateway API, as an Ingress, or as the nginx of docker-compose.yml.',
  usage: '<gateway | ingress | nginx> [--host HOST]',
  options: { host: { type: 'string' } },
  argument: 'form: gateway, ingress or nginx',
  run: ({ host = exampleHost }, { out }, form) => {
    out(printed(form, host).trimEnd());
    return Promise.resolve();
  },
});

/** The routing table in one of its forms. */
export function printed(form: string, host = exampleHost): string {
  switch (form) {
    case 'gateway':
      return gatewayRoutes(host);
    case 'ingress':
      return ingress(host);
    case 'nginx':
      return nginxConfiguration();
    default:
      throw new CommandFailed('give one form: gateway, ingress or nginx');
  }
}
