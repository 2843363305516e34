import { accountId, tenantId, type Micros, type RecordedEvent, type TenantId } from '@signet/contracts';
import { eventParameter, ignoredRow, int8, micros, microsOf, statement } from '@signet/persistence';
import { z } from 'zod';

export const readPassword = statement<{ tenantId: string; accountId: string }, { hash: string }>({
  name: 'authn.password.read',
  text: 'select hash from password where tenant_id = $1 and account_id = $2 and forgotten_at is null',
  parameters: (p) => [p.tenantId, p.accountId],
  row: z.object({ hash: z.string() }),
});

export interface DeclaredPassword {
  readonly tenantId: string;
  readonly accountId: string;
  readonly declaredDigest: string;
  readonly hash?: string | undefined;
}

/** Which of the declared passwords are not the stored ones, and whether they replace one. */
export const findNewPasswords = statement<
  { passwords: readonly DeclaredPassword[] },
  { tenantId: TenantId; accountId: string; replaces: boolean }
>({
  name: 'authn.password.find-new',
  text: `
select declared.tenant_id as "tenantId", declared.account_id as "accountId", password.account_id is not null as replaces
from unnest($1::uuid[], $2::uuid[], $3::bytea[]) as declared (tenant_id, account_id, digest)
left join password on password.tenant_id = declared.tenant_id and password.account_id = declared.account_id
where password.forgotten_at is null and password.declared_digest is distinct from declared.digest`,
  parameters: ({ passwords }) => [
    passwords.map(({ tenantId }) => tenantId),
    passwords.map(({ accountId: id }) => id),
    passwords.map(({ declaredDigest }) => Buffer.from(declaredDigest, 'base64url')),
  ],
  row: z.object({ tenantId, accountId, replaces: z.boolean() }),
});

/** Sets one password, where it is not so already; the row's version becomes its event's. */
export const setDeclaredPassword = statement<
  { password: DeclaredPassword & { hash: string }; changed: RecordedEvent },
  { version: number }
>({
  name: 'authn.password.set-declared',
  text: `
insert into password (tenant_id, account_id, hash, declared_digest, changed_at, version)
values ($1, $2, $3, $4, clock_timestamp(), 1)
on conflict (tenant_id, account_id) do update set
  hash = excluded.hash, declared_digest = excluded.declared_digest,
  changed_at = excluded.changed_at, version = password.version + 1
where password.forgotten_at is null and password.declared_digest is distinct from excluded.declared_digest
returning version, record_event($5::jsonb, version, null)`,
  parameters: ({ password, changed }) => [
    password.tenantId,
    password.accountId,
    password.hash,
    Buffer.from(password.declaredDigest, 'base64url'),
    eventParameter(changed),
  ],
  row: z.object({ version: int8 }),
  records: true,
});

/** Sets one password, whatever there was; no row for an account that was erased. */
export const setPassword = statement<
  { tenantId: string; accountId: string; hash: string; changed: RecordedEvent },
  { version: number }
>({
  name: 'authn.password.set',
  text: `
insert into password (tenant_id, account_id, hash, changed_at, version) values ($1, $2, $3, clock_timestamp(), 1)
on conflict (tenant_id, account_id) do update set
  hash = excluded.hash, declared_digest = null, changed_at = excluded.changed_at, version = password.version + 1
where password.forgotten_at is null
returning version, record_event($4::jsonb, version, null)`,
  parameters: (p) => [p.tenantId, p.accountId, p.hash, eventParameter(p.changed)],
  row: z.object({ version: int8 }),
  records: true,
});

export const findPasswordChange = statement<{ tenantId: string; accountId: string }, { changedAt: Micros }>({
  name: 'authn.password.find-change',
  text: `select ${microsOf('changed_at')} as "changedAt" from password
    where tenant_id = $1 and account_id = $2 and forgotten_at is null`,
  parameters: (p) => [p.tenantId, p.accountId],
  row: z.object({ changedAt: micros }),
});

/** Of an erased account. Once forgotten it is no event any more. */
export const forgetPassword = statement<{ tenantId: string; accountId: string; erased: RecordedEvent }, unknown>({
  name: 'authn.password.forget',
  text: `
insert into password (tenant_id, account_id, hash, changed_at, forgotten_at, version)
values ($1, $2, null, clock_timestamp(), clock_timestamp(), 1)
on conflict (tenant_id, account_id) do update set
  hash = null, declared_digest = null, changed_at = excluded.changed_at, forgotten_at = excluded.forgotten_at,
  version = password.version + 1
where password.forgotten_at is null
returning record_event($3::jsonb, 1)`,
  parameters: (p) => [p.tenantId, p.accountId, eventParameter(p.erased)],
  row: ignoredRow,
  records: true,
});
