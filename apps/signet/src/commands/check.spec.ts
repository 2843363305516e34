import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { check } from './check.js';

const open = path.join(mkdtempSync(path.join(tmpdir(), 'signet-check-')), 'signet.yaml');
const published = new URL('../../../../signet.yaml', import.meta.url).pathname;

async function checked(config: string, issuer: string | undefined, registration = 'mode: open'): Promise<string> {
  writeFileSync(open, `tenants: [{ slug: default, name: A, registration: { ${registration} } }]`);
  const lines: string[] = [];
  const context = { environment: { SIGNET_ISSUER: issuer }, out: (line: string) => void lines.push(line) };
  await check.run(['--config', config], context);
  return lines.join('\n');
}

describe('signet check', () => {
  it('refuses in production mode registration that is open without saying to whom, and published secrets', async () => {
    const production = 'https://id.example';
    await expect(checked(open, production)).rejects.toThrow(/tenants\[0\]\.registration\.mode: .* open_to_everybody/);
    await expect(checked(published, production)).rejects.toThrow(/clients\[0\]\.client_secret: a published secret/);
    expect(await checked(open, production, 'mode: open, open_to_everybody: true')).toContain('no faults');
    expect(await checked(open, production, 'mode: initial_access_token')).toContain('no faults');
  });

  it.each([
    undefined,
    '',
    'http://localhost:3000',
    'https://localhost:3000',
    'https://127.0.0.1',
    'https://[::1]:3000',
  ])('does not where SIGNET_ISSUER is %j: development mode, as the services have it', async (issuer) => {
    expect(await checked(open, issuer)).toContain('no faults');
    expect(await checked(published, issuer)).toContain('no faults');
  });

  it('refuses what no message would carry', async () => {
    const users = (count: number) =>
      Array.from({ length: count }, (_, index) => `{ username: "user-${index}", email: "user-${index}@example.com" }`);
    const declare = (count: number) => {
      writeFileSync(open, `tenants: [{ slug: default, name: A, users: [${users(count).join(', ')}] }]`);
      const lines: string[] = [];
      return check
        .run(['--config', open], { environment: {}, out: (line: string) => void lines.push(line) })
        .then(() => lines.join('\n'));
    };
    expect(await declare(1_000)).toContain('no faults');
    await expect(declare(5_000)).rejects.toThrow(/tenants: declares \d+ KiB, .* at most 512 KiB: divide its users/);
  });

  it('says that an issuer is none', async () => {
    await expect(checked(open, 'id.example')).rejects.toThrow('SIGNET_ISSUER must be an absolute URL');
  });
});
