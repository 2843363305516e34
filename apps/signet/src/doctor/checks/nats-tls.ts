import { isOfThisMachine } from '@signet/service';
import type { NatsFacts } from '@signet/messaging';
import { ofNats } from '../per-service.js';
import { byMesh } from '../by-mesh.js';
import { fault, ok, type Verdict } from '../verdict.js';

export function judgeNatsTls(
  { encrypted }: Pick<NatsFacts, 'encrypted'>,
  { url, mesh }: { readonly url: string; readonly mesh: boolean },
): Verdict {
  const hosts = url.split(',').map((one) => new URL(one.trim()).hostname);
  if (encrypted) return ok('encrypted, and the server’s certificate verified');
  if (hosts.every(isOfThisMachine)) return ok('in plain text, within this machine');
  if (mesh) return byMesh;
  return fault(
    `in plain text to ${hosts.join(', ')}`,
    'Name it by tls://, with SIGNET_NATS_CA for its authority (docs/operations/tls.md)',
  );
}

export const natsTls = ofNats({
  name: 'nats.tls',
  about: 'the connection to NATS is encrypted and its certificate verified, unless it stays on this machine',
  judge: (facts, examined, service) =>
    judgeNatsTls(facts, {
      url: examined.urlOf('NATS_URL', service) ?? '',
      mesh: (examined.environment['SIGNET_TLS_BY_MESH'] ?? '').includes('nats'),
    }),
});
