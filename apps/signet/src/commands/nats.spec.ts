import { describe, expect, it } from '@jest/globals';
import { natsConfig } from './nats.js';

const urls = Object.fromEntries(
  ['authn', 'token', 'session', 'directory', 'audit', 'operator'].map((name) => [
    `NATS_URL_${name.toUpperCase()}`,
    `nats://${name}:secret@127.0.0.1:4222`,
  ]),
);

interface Printed {
  readonly host?: string;
  readonly accounts: Record<string, { users: { user: string; password: string }[] }>;
}

async function printed(parameters: readonly string[], environment = {}): Promise<Printed> {
  const lines: string[] = [];
  await natsConfig.run(parameters, { environment: { ...urls, ...environment }, out: (line) => void lines.push(line) });
  return JSON.parse(lines.join('\n')) as Printed;
}

async function users(environment: Readonly<Record<string, string>>): Promise<{ user: string; password: string }[]> {
  return Object.values((await printed([], environment)).accounts).flatMap(({ users }) => users);
}

describe('signet nats config', () => {
  it('listens on this machine alone, or where it is told', async () => {
    expect((await printed([])).host).toBe('127.0.0.1');
    expect((await printed(['--host', '0.0.0.0'])).host).toBe('0.0.0.0');
  });

  it('prints, for a server that has a configuration of its own, the accounts alone', async () => {
    const { accounts } = await printed([]);
    expect(await printed(['--accounts'])).toEqual({ accounts });
    await expect(printed(['--accounts', '--port', '4222'])).rejects.toThrow('--accounts');
  });

  it('has a user for each consumer of audit events, with its own password', async () => {
    const environment = {
      SIGNET_AUDIT_CONSUMERS: 'siem=acme, data-lake=acme',
      NATS_PASSWORD_SIEM: 'one',
      NATS_PASSWORD_DATA_LAKE: 'two',
    };
    const found = (await users(environment)).slice(6);
    expect(found.map(({ user, password }) => [user, password])).toEqual([
      ['consumer-siem', 'one'],
      ['consumer-data-lake', 'two'],
    ]);
    expect(await users({})).toHaveLength(6);
  });

  it.each([
    [{ SIGNET_AUDIT_CONSUMERS: 'siem=acme' }, /NATS_PASSWORD_SIEM/],
    [{ SIGNET_AUDIT_CONSUMERS: 'siem' }, /name=tenant/],
    [{ SIGNET_AUDIT_CONSUMERS: 'si.em=acme' }, /name=tenant/],
    [{ SIGNET_AUDIT_CONSUMERS: 'siem=acme,siem=globex' }, /name=tenant/],
  ])('refuses %j', async (environment, message) => {
    await expect(users(environment)).rejects.toThrow(message);
  });
});
