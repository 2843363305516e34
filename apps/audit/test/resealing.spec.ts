import { createSecretKey, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountId, newId, signInSucceeded, webhookId, webhookSecretRotated, type AccountId } from '@signet/contracts';
import { Keyring, sealedUnder } from '@signet/keys';
import { Resealing, type ResealingParts } from '@signet/service';
import { auditService } from '../src/index.js';
import { PersonalParts } from '../src/personal/personal-parts.js';
import { keepSubjectKeys, newSubjectKey, subjectKeyring } from '../src/personal/subject-keys.js';
import { openLogKey } from '../src/tree/log-keys.js';
import { newSecret, openSecrets } from '../src/webhooks/secrets.js';
import { insertWebhook, rotateSecret, signingSecrets } from '../src/webhooks/store/webhooks.js';
import { AuditedTenants } from './audited-tenants.js';
import { runAudit, until, type Replica, type RunningAudit } from './running-audit.js';

/** Three readings' worth. */
const many = 1_203;
const alice = newId(accountId);
const webhook = newId(webhookId);

let on: RunningAudit;
let tenants: AuditedTenants;
let replica: Replica;
/** As every replica has it since its last start: the old key, and the next one, which is in use by now. */
let both: Keyring;

beforeAll(async () => {
  on = await runAudit();
  tenants = await AuditedTenants.of(on);
  replica = await on.startReplica();
  await on.record(signIn(alice));
  await on.signed();
  const { database, events } = replica.service.parts;
  const keys = Array.from({ length: many }, (_, index) => keyOf(`account:${index}`));
  await database.execute(keepSubjectKeys, { keys });
  const of = { tenantId: on.tenant, id: webhook };
  const members = { url: 'https://receiver.example', description: '', types: [], enabled: false };
  await database.run(async (tx) => {
    await tx.execute(insertWebhook, { ...of, ...members, secret: newSecret(on.keyring, of).sealed });
    await tx.execute(rotateSecret, { ...of, secret: newSecret(on.keyring, of).sealed, overlap: 3_600 });
    const told = { tenantId: on.tenant, aggregate: webhook, context: { actor: 'operator:signet' } } as const;
    await tx.record(events.make(webhookSecretRotated, { ...told, data: { endOthers: false } }));
  });
  const next = { id: 'next', purpose: 'encryption' as const };
  both = new Keyring([
    ...on.keyring.all('encryption'),
    { ...next, secret: createSecretKey(randomBytes(32)), usedFrom: new Date() },
  ]);
});
afterAll(async () => {
  await tenants.stop();
  await on.stop();
});

const signIn = (account: AccountId) =>
  on.producer.parts.events.make(signInSucceeded, {
    ...{ tenantId: on.tenant, account, context: { actor: `account:${account}` as const } },
    ...{ data: { amr: ['pwd'] }, personal: { username: 'alice' } },
  });
const keyOf = (subject: string) => newSubjectKey(on.keyring, { tenantId: on.tenant, subject });
/** One replica's work, as a process that has `keyring` does it; `through`: what its statements go through. */
function resealing(keyring: Keyring, through: Partial<ResealingParts['database']> = {}) {
  const { database, logger } = replica.service.parts;
  const told: unknown[] = [];
  const gauge = { unreadable: (): number | undefined => -1 };
  const work = new Resealing(auditService.sealed ?? [], {
    keyring,
    database: {
      execute: (statement, parameters) => database.execute(statement, parameters),
      first: (statement, parameters) => database.first(statement, parameters),
      ...through,
    },
    logger: Object.assign(Object.create(logger) as typeof logger, {
      error: (event: string, fields: object) => told.push({ event, ...fields }),
    }),
    metrics: { gauge: (_name, _help, read) => void (gauge.unreadable = read) },
  });
  return { work, told, unreadable: () => gauge.unreadable() };
}
async function columns(): Promise<Record<string, Buffer[]>> {
  const read = async (table: string, column: string) => {
    const rows = await on.database.query<{ sealed: Buffer }>(
      `select ${column} as sealed from audit.${table} where ${column} is not null order by 1`,
    );
    return [`${table}.${column}`, rows.map(({ sealed }) => sealed)] as const;
  };
  return Object.fromEntries(
    await Promise.all((auditService.sealed ?? []).map(({ table, column }) => read(table, column))),
  );
}
const keysOf = async () => new Set(Object.values(await columns()).flatMap((all) => all.map(sealedUnder)));

describe('what is sealed under an older key', () => {
  it('is sealed under the current one by what every replica does at once, and killed midway loses nothing', async () => {
    const before = await columns();
    expect(Object.entries(before).map(([name, rows]) => [name, rows.length > 0])).toEqual([
      ['subject_key.key', true],
      ['tree.private_key', true],
      ['webhook.secret', true],
      ['webhook.previous_secret', true],
    ]);
    let left = 1;
    const { database } = replica.service.parts;
    const dying = resealing(both, {
      first: (statement, parameters) => {
        if ((left -= 1) < 0) throw new Error('killed');
        return database.first(statement, parameters);
      },
    });
    await expect(dying.work.round()).rejects.toThrow('killed');
    expect(await keysOf()).toEqual(new Set([on.keyring.current('encryption').id, 'next']));

    await Promise.all([resealing(both).work.round(), resealing(both).work.round()]);
    expect(await keysOf()).toEqual(new Set(['next']));

    const after = await columns();
    for (const [name, rows] of Object.entries(before)) expect(after[name]).toHaveLength(rows.length);
  });

  it('opens as before, with the new key alone', async () => {
    const alone = new Keyring(both.all('encryption').filter(({ id }) => id === 'next'));
    const { database } = replica.service.parts;
    const of = { tenantId: on.tenant, id: webhook };
    const secrets = await database.first(signingSecrets, of);
    expect(secrets && openSecrets(alone, of, secrets)).toHaveLength(2);
    const [tree] = await on.database.query<{ private_key: Buffer }>('select private_key from audit.tree');
    expect(tree && openLogKey(alone, on.tenant, tree.private_key)?.asymmetricKeyType).toBe('ed25519');
    const rows = await on.database.query<{ id: string; personal: Buffer; subject: string }>(
      `select id, personal, personal_subject as subject from audit.entry where personal is not null and account is not null`,
    );
    const parts = await new PersonalParts(database, alone).open(
      rows.map(({ subject, ...row }) => ({ ...row, tenantId: on.tenant, personalSubject: subject })),
    );
    expect([...parts.values()]).toContainEqual(expect.objectContaining({ username: 'alice' }));
  });

  it('is left where somebody has changed it meanwhile: an erased key stays erased', async () => {
    const { database } = replica.service.parts;
    await database.execute(keepSubjectKeys, { keys: [keyOf('account:erased')] });
    const erasing = resealing(both, {
      first: async (statement, parameters) => {
        await on.database.query(
          `update audit.subject_key set key = null, erased_at = now() where subject = 'account:erased'`,
        );
        return database.first(statement, parameters);
      },
    });
    await erasing.work.round();
    const [row] = await on.database.query(`select key from audit.subject_key where subject = 'account:erased'`);
    expect(row).toEqual({ key: null });
  });
});

describe('what no key of the keyring opens', () => {
  it('is told and counted, and left as it is', async () => {
    const stranger = new Keyring([
      { id: 'lost', purpose: 'encryption', secret: createSecretKey(randomBytes(32)), usedFrom: new Date() },
    ]);
    const lost = newSubjectKey(stranger, { tenantId: on.tenant, subject: 'account:lost' });
    await replica.service.parts.database.execute(keepSubjectKeys, { keys: [lost] });
    const { work, told, unreadable } = resealing(both);
    await work.round();
    expect(told).toEqual([{ event: 'sealed.unreadable', where: 'subject_key.key', key: 'lost', rows: 1 }]);
    expect(unreadable()).toBe(1);
    expect((await columns())['subject_key.key']).toContainEqual(Buffer.from(lost.key));
    expect(subjectKeyring(stranger, lost)).toBeDefined();
  });
});

describe('a service', () => {
  it('looks through what it has by itself, and goes on without what it cannot open', async () => {
    // It has the old key alone, as a process has that was not started anew.
    const late = await on.startReplica();
    await until(async () => {
      const { values } = (await late.service.metrics.getSingleMetric('signet_sealed_unreadable')?.get()) ?? {};
      return (values?.[0]?.value ?? 0) > many;
    });
    expect(late.service.ready).toBe(true);
    expect(await keysOf()).toEqual(new Set(['next', 'lost']));
  });
});
