import { z } from 'zod';
import type { ConnectionPool } from './connection-pool.js';
import { UnfitServer } from './errors.js';

const oldest = 150_000;
const settings = z.object({ version: z.int(), fsync: z.string(), synchronous_commit: z.string() });

/** Refuses a server that lacks what our statements use, or that acknowledges commits which a crash would lose. */
export async function assertFitServer(pool: ConnectionPool, allowUnsafeDurability: boolean): Promise<void> {
  const [row] = await pool.query({
    text: `select current_setting('server_version_num')::int as version, current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as synchronous_commit`,
  });
  const found = settings.parse(row);
  const faults = [
    found.version < oldest && `it is version ${Math.floor(found.version / 10_000)}, and 15 is the oldest that will do`,
    !allowUnsafeDurability && found.fsync === 'off' && 'fsync is off, so a crash would lose what was acknowledged',
    !allowUnsafeDurability &&
      found.synchronous_commit === 'off' &&
      'synchronous_commit is off, so a crash would lose what was acknowledged',
  ].filter((fault) => fault !== false);
  if (faults.length > 0)
    throw new UnfitServer(
      `This PostgreSQL server cannot be used: ${faults.join('; ')}. ${found.version < oldest ? 'Upgrade it, or name another one' : 'Turn it on in postgresql.conf and reload the server'}.`,
    );
}
