import { serviceNames } from '@signet/contracts';
import type { Plane } from './plane.js';

/** Tables, of every service, that hold `text` anywhere, as text or as bytes; as a thief of the database would look. */
export async function tracesOf(plane: Plane, text: string): Promise<string[]> {
  return plane.query(async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = any($1) and c.relkind = 'r' order by 1`,
      [[...serviceNames]],
    );
    const found: string[] = [];
    for (const { name } of rows) {
      const holding = await client.query(
        `select from ${name} held where strpos(lower(to_jsonb(held)::text), lower($1)) > 0
           or strpos(to_jsonb(held)::text, encode(convert_to($1, 'UTF8'), 'hex')) > 0 limit 1`,
        [text],
      );
      if (holding.rowCount !== 0) found.push(name);
    }
    return found;
  });
}
