import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { serviceNames } from '@signet/contracts';
import type { Plane } from './plane.js';

/** The secrets that a test has sent, and been given; and where none of them may ever be. */
export class PlantedSecrets {
  readonly #names = new Map<string, string>();

  /** A new one, long enough for every rule, of letters and digits alone. */
  plant(name: string): string {
    return this.keep(name, `canary${name.replaceAll(/[^a-z]/gi, '')}${randomBytes(24).toString('hex')}`);
  }

  /** One that Signet, or its client, has made. Short ones would be found by chance. */
  keep<T>(name: string, secret: T): T {
    if (typeof secret !== 'string' || secret.length < 8) throw new Error(`${name} is no secret: ${String(secret)}`);
    this.#names.set(secret, name);
    return secret;
  }

  get count(): number {
    return this.#names.size;
  }

  /** The names of those that are in `text`: as they are, in a URL, or in base64. */
  in(text: string): string[] {
    return [...this.#names].flatMap(([secret, name]) => {
      const base64 = Buffer.from(secret).toString('base64');
      const forms = [secret, encodeURIComponent(secret), base64.replace(/=+$/, '').slice(0, -1)];
      return forms.some((form) => text.includes(form)) ? [name] : [];
    });
  }
}

/** All that a plane keeps or tells beyond the rows of its services, by where it is. */
export async function everythingTold(plane: Plane, tenants: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const told = new Map<string, string>();
  const streams = path.join(plane.directory, 'streams');
  for (const name of readdirSync(streams, { recursive: true, withFileTypes: true })) {
    if (name.isFile()) told.set(`stream ${name.name}`, readFileSync(path.join(name.parentPath, name.name), 'latin1'));
  }
  for (const { name, program, management } of plane.parts) {
    told.set(`output of ${name}`, readFileSync(program.log, 'utf8'));
    told.set(`metrics of ${name}`, await (await fetch(`${management}/metrics`)).text());
  }
  await plane.query(async (client) => {
    for (const [place, table] of [
      ...serviceNames.map((name) => [`outbox of ${name}`, `${name}.outbox`] as const),
      ['log', 'audit.entry'] as const,
    ]) {
      const { rows } = await client.query<{ row: string; leaf: Buffer }>(`select t::text as row, leaf from ${table} t`);
      told.set(place, rows.map(({ row, leaf }) => `${row}\n${leaf.toString('utf8')}`).join('\n'));
    }
  });
  for (const slug of tenants) {
    const listed = await plane.signet('events', 'list', '--tenant', slug, '--limit', '500', '--personal', '--json');
    told.set(`opened log of ${slug}`, listed);
  }
  return told;
}
