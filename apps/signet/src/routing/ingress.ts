import { routes } from '@signet/contracts';
import { stringify } from 'yaml';

/** The routing table as an Ingress, of the cluster's default class, with the certificate of the Secret `signet-tls`. */
export function ingress(host: string): string {
  return stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'signet', labels: { 'app.kubernetes.io/part-of': 'signet' } },
    spec: {
      tls: [{ hosts: [host], secretName: 'signet-tls' }],
      rules: [
        {
          host,
          http: {
            paths: routes.map(({ match, path, service }) => ({
              path,
              pathType: match,
              backend: { service: { name: `signet-${service}`, port: { number: 80 } } },
            })),
          },
        },
      ],
    },
  });
}
