import { isOfThisMachine } from '@signet/service';
import { databaseTransport, type DatabaseFacts } from '@signet/persistence';
import { ofDatabase } from '../per-service.js';
import { byMesh } from '../by-mesh.js';
import { fault, ok, type Verdict } from '../verdict.js';

export function judgeDatabaseTls(
  { encrypted }: Pick<DatabaseFacts, 'encrypted'>,
  { url, mesh }: { readonly url: string; readonly mesh: boolean },
): Verdict {
  const { host, verified } = databaseTransport(url);
  const advice =
    'End the URL with ?sslmode=verify-full&sslrootcert=<PEM file of the authority> (docs/operations/tls.md)';
  if (verified && encrypted) return ok('encrypted, and the server’s certificate verified');
  if (host === '' || isOfThisMachine(host)) return ok('in plain text, within this machine');
  if (mesh) return byMesh;
  return fault(
    encrypted ? 'encrypted, but nobody verifies the server’s certificate' : `in plain text to ${host}`,
    advice,
  );
}

export const databaseTls = ofDatabase({
  name: 'database.tls',
  about: 'the connection to PostgreSQL is encrypted and its certificate verified, unless it stays on this machine',
  judge: (facts, examined, service) =>
    judgeDatabaseTls(facts, {
      url: examined.urlOf('DATABASE_URL', service) ?? '',
      mesh: (examined.environment['SIGNET_TLS_BY_MESH'] ?? '').includes('database'),
    }),
});
