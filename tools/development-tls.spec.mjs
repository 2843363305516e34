import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkServerIdentity } from 'node:tls';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { developmentTls } from './development-tls.mjs';

describe('developmentTls', () => {
  let directory;
  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'signet-tls-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it.each(['localhost', '127.0.0.1', '::1'])('makes a certificate that its authority vouches for: %s', async (name) => {
    const files = await developmentTls(directory);
    const [ca, cert, key] = [files.ca, files.cert, files.key].map((file) => readFileSync(file));
    const server = createServer({ cert, key }, (_, response) => response.end());
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const authorized = await new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: server.address().port, ca, agent: false };
      const identity = (_, peer) => checkServerIdentity(name, peer);
      const asked = request({ ...options, checkServerIdentity: identity }, ({ socket }) => resolve(socket.authorized));
      asked.once('error', reject).end();
    }).finally(() => server.close());
    expect(authorized).toBe(true);
  });

  it('keeps what it has made, for its owner alone', async () => {
    const files = await developmentTls(directory);
    const before = readFileSync(files.cert, 'utf8');
    expect(readFileSync((await developmentTls(directory)).cert, 'utf8')).toBe(before);
    expect(Object.values(files).map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
    rmSync(files.key);
    expect(readFileSync((await developmentTls(directory)).cert, 'utf8')).not.toBe(before);
  });
});
