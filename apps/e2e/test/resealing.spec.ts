import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Plane, RawClient, secrets, twinTenants, until, type Part } from '../src/index.js';

/** A line of `signet keyring status`. */
interface Sealed {
  readonly column: string;
  readonly key: string;
  readonly rows: number;
  readonly state: string;
}

describe('a process that is killed while it seals anew', () => {
  let plane: Plane;
  let part: Part;
  let client: RawClient;
  beforeAll(async () => {
    plane = await Plane.start({ form: 'one process', failpoints: true, configuration: twinTenants() });
    part = plane.part('token');
    client = new RawClient(plane.issuer, 'default', 'demo', secrets.demo);
  }, 120_000);
  afterAll(() => plane.stop());

  const keyring = () => plane.env['SIGNET_KEYRING'] ?? '';
  async function sealed(): Promise<Sealed[]> {
    const lines = (await plane.signet('keyring', 'status')).trim().split('\n');
    return lines.flatMap((line) => {
      const [service = '', column = '', purpose, key = '', rows = '', state = ''] = line.split(/ {2,}/);
      return purpose === 'encryption'
        ? [{ column: `${service} ${column}`, key, rows: Number.parseInt(rows), state }]
        : [];
    });
  }
  const rowsOf = (all: readonly Sealed[]) => {
    const rows: Record<string, number> = {};
    for (const { column, rows: count } of all) rows[column] = (rows[column] ?? 0) + count;
    return rows;
  };
  const statesOf = (all: readonly Sealed[]) => [...new Set(all.map(({ state }) => state))].sort();
  const published = async () => {
    const { keys } = (await (await fetch(client.at('/jwks'))).json()) as { keys: { kid: string }[] };
    return keys.map(({ kid }) => kid).sort();
  };
  const restart = async () => {
    await part.program.stop();
    await part.start();
  };

  it.each(['before-commit', 'after-commit'])(
    '%s: leaves everything to be opened, and the rest to the next',
    async (failpoint) => {
      const standing = await client.signInForTokens();
      const [before, kids] = [await sealed(), await published()];
      expect(statesOf(before)).toEqual(['in use']);
      const old = before[0]?.key ?? '';
      // Long enough to be started with it before its time comes.
      await plane.signet('keyring', 'add', '--file', keyring(), '--purpose', 'encryption', '--in', '20s');
      await restart();
      part.dieAt(`${failpoint}:service.sealed.replace`);
      await until('the process to die', () => Promise.resolve(!part.program.running || undefined), 60);

      // In the middle: what a service did is done, and nothing is lost or half done.
      const midway = await sealed();
      expect(statesOf(midway)).toContain('older');
      if (failpoint === 'after-commit') expect(statesOf(midway)).toEqual(['in use', 'older']);
      expect(rowsOf(midway)).toEqual(rowsOf(before));

      await part.start();
      expect(await published()).toEqual(kids);
      expect((await client.refresh(standing.refresh_token)).status).toBe(200);
      const after = await until('the rest to be sealed anew', async () => {
        const now = await sealed();
        return statesOf(now).join() === 'in use' ? now : undefined;
      });
      expect(Object.keys(rowsOf(after))).toEqual(Object.keys(rowsOf(before)));

      // Nothing needs the old key any more.
      await plane.signet('keyring', 'remove', '--file', keyring(), '--purpose', 'encryption', '--id', old);
      await restart();
      expect(await published()).toEqual(kids);
      expect((await client.signInForTokens()).access_token).not.toBe('');
      expect(statesOf(await sealed())).toEqual(['in use']);
      expect(readFileSync(part.program.log, 'utf8')).not.toContain('sealed.unreadable');
    },
    180_000,
  );
});
