import { createSecretKey, randomBytes } from 'node:crypto';
import type { AccountId, RecordedEvent } from '@signet/contracts';
import { Keyring, open, seal } from '@signet/keys';
import { bytea, eventParameter, ignoredRow, statement } from '@signet/persistence';
import { z } from 'zod';

const length = 32;

export interface SubjectKey {
  readonly tenantId: string;
  readonly subject: string;
  /** Sealed. */
  readonly key: Uint8Array;
}

const columns = (keys: readonly Pick<SubjectKey, 'tenantId' | 'subject'>[]) => [
  keys.map(({ tenantId }) => tenantId),
  keys.map(({ subject }) => subject),
];

const keyRow = z.object({ tenantId: z.string(), subject: z.string(), key: bytea });

/** Of an erased subject, none. */
export type StandingKey = Omit<SubjectKey, 'key'> & { readonly key: Uint8Array | null };

/** Keeps a key for each subject that has none; gives the one that stands. */
export const keepSubjectKeys = statement<{ keys: readonly SubjectKey[] }, StandingKey>({
  name: 'audit.subject-key.keep',
  text: `
with wanted as (
  select * from unnest($1::uuid[], $2::text[], $3::bytea[]) as wanted (tenant_id, subject, key)
), made as (
  insert into subject_key (tenant_id, subject, key) select * from wanted order by tenant_id, subject
  on conflict do nothing returning tenant_id, subject, key
)
select tenant_id as "tenantId", subject, key from made
union
select subject_key.tenant_id, subject_key.subject, subject_key.key
from subject_key join wanted using (tenant_id, subject)`,
  parameters: ({ keys }) => [...columns(keys), keys.map(({ key }) => key)],
  row: keyRow.extend({ key: bytea.nullable() }),
});

export const findSubjectKeys = statement<{ keys: readonly Pick<SubjectKey, 'tenantId' | 'subject'>[] }, SubjectKey>({
  name: 'audit.subject-key.find',
  text: `select tenant_id as "tenantId", subject, key from subject_key
    where (tenant_id, subject) in (select * from unnest($1::uuid[], $2::text[])) and key is not null`,
  parameters: ({ keys }) => columns(keys),
  row: keyRow,
});

/** The row stays, so that no key is made for what of the subject is still on its way. Once destroyed it is no event any more. */
export const destroySubjectKey = statement<{ tenantId: string; subject: string; destroyed: RecordedEvent }, unknown>({
  name: 'audit.subject-key.destroy',
  text: `
insert into subject_key as known (tenant_id, subject, key, erased_at) values ($1, $2, null, clock_timestamp())
on conflict (tenant_id, subject) do update set key = null, erased_at = excluded.erased_at where known.erased_at is null
returning record_event($3::jsonb, 1)`,
  parameters: ({ tenantId, subject, destroyed }) => [tenantId, subject, eventParameter(destroyed)],
  row: ignoredRow,
  records: true,
});

export const subjectKeyPlace = ({ tenantId, subject }: Pick<SubjectKey, 'tenantId' | 'subject'>) => [
  tenantId,
  'subject_key',
  'key',
  subject,
];

/** A new key for a subject, sealed under the keyring's `encryption`. */
export function newSubjectKey(keyring: Keyring, of: Pick<SubjectKey, 'tenantId' | 'subject'>): SubjectKey {
  return { ...of, key: seal(keyring, 'encryption', randomBytes(length), subjectKeyPlace(of)) };
}

/** The keyring that seals a subject's personal parts; undefined where its key cannot be opened. */
export function subjectKeyring(keyring: Keyring, stored: SubjectKey): Keyring | undefined {
  const secret = open(keyring, 'encryption', stored.key, subjectKeyPlace(stored));
  return (
    secret && new Keyring([{ id: 'subject', purpose: 'event', secret: createSecretKey(secret), usedFrom: new Date(0) }])
  );
}

/** The same of a subject that may be erased. */
export const standingKeyring = (keyring: Keyring, { key, ...of }: StandingKey): Keyring | 'erased' | undefined =>
  key ? subjectKeyring(keyring, { ...of, key }) : 'erased';

export const subjectOfAccount = (account: AccountId): string => `account:${account}`;

/** Whose key an event's personal part is kept under: of whom it tells, else who acted, else everybody of that day together. */
export function personalSubject(event: { subject?: string | undefined; actor: string; time: string }): string {
  const acting = event.actor.startsWith('account:') ? event.actor : undefined;
  return event.subject ?? acting ?? `day:${event.time.slice(0, 10)}`;
}
