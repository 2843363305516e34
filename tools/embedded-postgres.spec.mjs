import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import { startPostgres } from './embedded-postgres.mjs';

async function query(url, text) {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('an embedded PostgreSQL', () => {
  let directory;
  let server;
  const start = () => startPostgres({ directory: path.join(directory, 'cluster'), password: 'p:/@w' });

  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'signet-postgres-'));
    chmodSync(directory, 0o711); // PostgreSQL may have to run as another user
  });
  beforeEach(async () => {
    server = await start();
  });
  afterEach(() => server.stop());
  afterAll(() => rmSync(directory, { recursive: true }));

  it('lets nobody in without the password', async () => {
    const wrong = new URL(server.url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'select')).rejects.toThrow('password authentication failed');
  });

  it('keeps what it has over a stop and over a kill', async () => {
    await query(server.url, 'create table stopped as select 1 as n');
    await server.stop();
    expect(server.running()).toBe(false);
    server = await start();
    await query(server.url, 'create table killed as select n from stopped');
    await server.kill();
    server = await start();
    expect(await query(server.url, 'select n from killed')).toEqual([{ n: 1 }]);
  });

  it('takes the place of one that a dead process left behind', async () => {
    const left = server;
    server = await start();
    expect(left.running()).toBe(false);
    expect(await query(server.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('is not kept from starting by the number of a process that means something else now', async () => {
    const file = path.join(directory, 'cluster/postmaster.pid');
    const content = readFileSync(file, 'utf8');
    await server.kill();
    writeFileSync(file, content.replace(/^\d+/, String(process.pid)));
    server = await start();
    expect(await query(server.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });
});
