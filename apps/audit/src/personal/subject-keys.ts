import { createSecretKey, randomBytes } from 'node:crypto';
import { Keyring, open, seal } from '@signet/keys';
import { bytea, statement } from '@signet/persistence';
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

/** Keeps a key for each subject that has none; gives the one that stands. */
export const keepSubjectKeys = statement<{ keys: readonly SubjectKey[] }, SubjectKey>({
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
  row: keyRow,
});

export const findSubjectKeys = statement<{ keys: readonly Pick<SubjectKey, 'tenantId' | 'subject'>[] }, SubjectKey>({
  name: 'audit.subject-key.find',
  text: `select tenant_id as "tenantId", subject, key from subject_key
    where (tenant_id, subject) in (select * from unnest($1::uuid[], $2::text[]))`,
  parameters: ({ keys }) => columns(keys),
  row: keyRow,
});

const place = ({ tenantId, subject }: Pick<SubjectKey, 'tenantId' | 'subject'>) => [
  tenantId,
  'subject_key',
  'key',
  subject,
];

/** A new key for a subject, sealed under the keyring's `encryption`. */
export function newSubjectKey(keyring: Keyring, of: Pick<SubjectKey, 'tenantId' | 'subject'>): SubjectKey {
  return { ...of, key: seal(keyring, 'encryption', randomBytes(length), place(of)) };
}

/** The keyring that seals a subject's personal parts; undefined where its key cannot be opened. */
export function subjectKeyring(keyring: Keyring, stored: SubjectKey): Keyring | undefined {
  const secret = open(keyring, 'encryption', stored.key, place(stored));
  return (
    secret &&
    new Keyring([{ id: 'subject', purpose: 'event', secret: createSecretKey(secret), createdAt: new Date(0) }])
  );
}

/** Whose key an event's personal part is kept under. */
export function personalSubject(event: { subject?: string | undefined; time: string }): string {
  return event.subject ?? `day:${event.time.slice(0, 10)}`;
}
