import { kinshipOf, learned, type Installation } from '@signet/contracts';
import { z } from 'zod';
import type { ConnectionPool } from './connection-pool.js';
import { UnfitServer } from './errors.js';
import { ignoredRow } from './row-types.js';
import { statement } from './statement.js';

const row = z.object({ issuer: z.string(), keys: z.array(z.string()) });

/** Whose database this is; undefined where it is nobody's yet. */
export async function readInstallation(pool: Pick<ConnectionPool, 'query'>): Promise<Installation | undefined> {
  const [found] = await pool.query({ text: 'select issuer, keys from installation' });
  return found === undefined ? undefined : row.parse(found);
}

/** Takes a schema that is nobody's, learns of a new key in one that is ours, and refuses that of another installation. */
export async function holdInstallation(
  pool: Pick<ConnectionPool, 'query'>,
  ours: Installation,
  service: string,
): Promise<void> {
  const known = (await readInstallation(pool)) ?? (await take(pool, ours));
  refuseForeign(known, ours, service);
  const now = learned(known, ours);
  if (now) await pool.query({ text: 'update installation set keys = $1', values: [now.keys] });
}

/** Of several that take it at once the first has it. */
async function take(pool: Pick<ConnectionPool, 'query'>, { issuer, keys }: Installation): Promise<Installation> {
  const text = 'insert into installation (issuer, keys) values ($1, $2) on conflict do nothing';
  await pool.query({ text, values: [issuer, keys] });
  return row.parse((await pool.query({ text: 'select issuer, keys from installation' }))[0]);
}

function refuseForeign(known: Installation, ours: Installation, service: string): void {
  const kinship = kinshipOf(known, ours);
  if (kinship === 'another issuer')
    throw new UnfitServer(
      `The schema ${service} belongs to the installation ${known.issuer}, and SIGNET_ISSUER is ${ours.issuer}: give each installation a database of its own, or run \`signet installation adopt\` if this one is to go on under the new issuer.`,
    );
  if (kinship === 'another keyring')
    throw new UnfitServer(
      `The schema ${service} belongs to an installation with another keyring, none of whose event keys this one has: put its keyring back (after a restore, its keys beside the newer ones), or give each installation a database of its own; \`signet installation adopt\` if that keyring is lost for good.`,
    );
}

/** From now on the schema belongs to this installation, whosever it was. */
export const adoptInstallation = statement<Installation, unknown>({
  name: 'persistence.installation.adopt',
  text: `insert into installation (issuer, keys) values ($1, $2)
    on conflict (single) do update set issuer = excluded.issuer, keys = excluded.keys`,
  parameters: ({ issuer, keys }) => [issuer, keys],
  row: ignoredRow,
});
