import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AuditLog,
  callback,
  Plane,
  RawClient,
  tokensOf,
  tracesOf,
  until,
  UserAgent,
  type Person,
} from '../src/index.js';

type Operation = 'delete' | 'restore' | 'erase';

const statements: Readonly<Record<Operation, readonly string[]>> = {
  delete: ['directory.account.delete'],
  restore: ['directory.account.restore'],
  erase: [
    'directory.account.erase',
    ...['authn.password.forget', 'token.family.delete', 'token.grant.delete-of-account'],
    ...['session.session.erase-of-account', 'audit.subject-key.destroy', 'directory.unforgotten.drop'],
  ],
};
const walk = (Object.keys(statements) as Operation[]).flatMap((operation) => [
  ...statements[operation].flatMap((name) => [
    [operation, `before-commit:${name}`] as const,
    [operation, `after-commit:${name}`] as const,
  ]),
  ...['before-raise:directory', 'after-raise:directory'].map((failpoint) => [operation, failpoint] as const),
  [operation, `before-respond:signet.rpc.directory.v1.account.${operation}`] as const,
]);

const personOf = (place: number): Person => ({ username: `zed-${place}-quux`, password: `wonderland-${place}` });

/** A signet.yaml with one client, and with these users. */
function declare(file: string, people: readonly Person[]): void {
  const client = {
    ...{ client_id: 'app', client_name: 'App', token_endpoint_auth_method: 'none', consent: 'remembered' },
    ...{ redirect_uris: [callback], grant_types: ['authorization_code', 'refresh_token'] },
    scope: 'openid profile email offline_access',
  };
  const users = people.map((person) => ({ ...person, name: `Name of ${person.username}` }));
  const tenant = { slug: 'default', name: 'Signet', clients: [client], users };
  writeFileSync(file, JSON.stringify({ tenants: [tenant] }, undefined, 2));
}

describe('an account that ends, killed at a failpoint', () => {
  let plane: Plane;
  let app: RawClient;
  let log: AuditLog;
  beforeAll(async () => {
    const configuration = path.join(mkdtempSync(path.join(tmpdir(), 'signet-e2e-')), 'signet.yaml');
    declare(
      configuration,
      walk.map((_, place) => personOf(place)),
    );
    plane = await Plane.start({ form: 'one process', failpoints: true, configuration });
    // A file that goes on declaring a deleted account is not applied.
    declare(configuration, []);
    app = new RawClient(plane.issuer, 'default', 'app');
    log = new AuditLog(plane);
  }, 120_000);
  afterAll(() => plane.stop());

  const challenge = { code_challenge: `${'c'.repeat(42)}A`, code_challenge_method: 'S256' };
  const signsIn = async (person: Person) => {
    const { left } = await new UserAgent(plane.issuer).answer(app.authorizationUrl(challenge), person);
    return left?.searchParams.has('code') === true;
  };
  const refreshTokenOf = async (person: Person) => {
    const code = await app.signIn({ prompt: 'consent' }, undefined, person);
    return tokensOf(await app.redeem(code)).refresh_token;
  };
  const told = async (refreshToken: string) => (await app.refresh(refreshToken)).body['error'] ?? 'refreshed';
  const become = (operation: Operation, { username }: Person) =>
    plane.signet('accounts', operation, '--username', username).then(
      () => 'done',
      (error: unknown) => (/not_found|failed_precondition/.test(String(error)) ? 'nothing there' : 'unavailable'),
    );
  /** What an answer promises, once it has come. */
  const promised: Readonly<Record<Operation, { readonly signsIn: boolean; readonly refresh: string }>> = {
    delete: { signsIn: false, refresh: 'invalid_grant' },
    restore: { signsIn: true, refresh: 'invalid_grant' },
    erase: { signsIn: false, refresh: 'invalid_grant' },
  };
  const killed = async () => {
    const { program } = plane.part('directory');
    await until('the process to die', () => Promise.resolve(!program.running || undefined), 60);
  };

  it.each(walk.map(([operation, failpoint], place) => [operation, failpoint, personOf(place)] as const))(
    '%s at %s: what was acknowledged holds after the restart, and a repeat is',
    async (operation, failpoint, person) => {
      const part = plane.part('directory');
      const refreshToken = await refreshTokenOf(person);
      if (operation === 'restore') expect(await become('delete', person)).toBe('done');
      part.dieAt(failpoint);
      const first = part.program.running ? await become(operation, person) : 'unavailable';
      await killed();
      await part.start();
      if (first === 'done') expect([await told(refreshToken)]).toEqual([promised[operation].refresh]);
      // One that was committed is not found again where it took the name away, nor where it gave it back.
      expect(['done', 'nothing there']).toContain(await become(operation, person));
      expect([await signsIn(person), await told(refreshToken)]).toEqual([
        promised[operation].signsIn,
        promised[operation].refresh,
      ]);
    },
    120_000,
  );

  it('lost no committed event, after all of them, and committed none twice; of the erased nothing is left', async () => {
    const of = (...operations: Operation[]) => walk.filter(([operation]) => operations.includes(operation)).length;
    await log.forgotten();
    for (const [place, [operation]] of walk.entries())
      if (operation === 'erase') expect(await tracesOf(plane, personOf(place).username)).toEqual([]);
    await log.settled();
    const entries = await log.entries();
    const forgetting = [
      ...['signet.authn.credentials.erased.v1', 'signet.token.grants.erased.v1'],
      ...['signet.session.sessions.erased.v1', 'signet.audit.personal-key.destroyed.v1'],
    ];
    for (const wanted of forgetting)
      expect([wanted, entries.filter(({ type }) => type === wanted).length]).toEqual([wanted, of('erase')]);
    const versions = new Map<string, number[]>();
    for (const { aggregate, version } of entries)
      if (aggregate.includes(' account:')) versions.set(aggregate, [...(versions.get(aggregate) ?? []), version]);
    for (const each of versions.values()) expect(each).toEqual(each.map((_, index) => index + 1));
    const count = (verb: string) => entries.filter(({ type }) => type === `signet.directory.account.${verb}.v1`).length;
    expect([count('deleted'), count('restored'), count('erased')]).toEqual([
      of('delete', 'restore', 'erase'),
      of('restore'),
      of('erase'),
    ]);
    expect(await tracesOf(plane, personOf(0).username)).toEqual(expect.arrayContaining(['directory.account']));
  }, 120_000);
});
