import {
  accountId,
  grantId,
  type AccountId,
  type GrantId,
  type Micros,
  type RecordedEvent,
  type TenantId,
} from '@signet/contracts';
import {
  composed,
  eventParameter,
  filtered,
  ignoredRow,
  micros,
  microsOf,
  statement,
  type Statement,
} from '@signet/persistence';
import { z } from 'zod';

/** A grant that stands: what a withdrawal ended counts for nothing, until it is agreed to or used anew. */
export interface StoredGrant {
  readonly grantId: GrantId;
  readonly accountId: AccountId;
  readonly clientId: string;
  /** Of what the person agreed to; none, and null, where nobody was asked. */
  readonly scopes: readonly string[];
  readonly agreedAt: Micros | null;
  readonly createdAt: Micros;
  readonly lastUsedAt: Micros | null;
}

const row: z.ZodType<StoredGrant> = z.object({
  grantId,
  accountId,
  clientId: z.string(),
  scopes: z.array(z.string()),
  agreedAt: micros.nullable(),
  createdAt: micros,
  lastUsedAt: micros.nullable(),
});

const agreed = 'g.agreed_at is not null and (f.at is null or g.agreed_at > f.at)';

const columns = `g.id as "grantId", g.account_id as "accountId", g.client_id as "clientId",
  case when ${agreed} then g.scopes else '{}' end as scopes,
  case when ${agreed} then ${microsOf('g.agreed_at')} end as "agreedAt",
  ${microsOf('g.created_at')} as "createdAt",
  ${microsOf(`greatest(g.last_used_at,
    (select max(family.rotated_at) from family where family.tenant_id = g.tenant_id and family.grant_id = g.id))`)} as "lastUsedAt"`;

const standing = `from "grant" g
  left join floor f on f.tenant_id = g.tenant_id and f.kind = 'grant' and f.key = g.id::text
  where g.tenant_id = $1 and (f.at is null or greatest(g.agreed_at, g.last_used_at, g.created_at) > f.at)`;

/** In the order in which they were made; the text is made for what is asked, so that it is planned by the index for that. */
export function listGrants(
  tenantId: TenantId,
  { account, client }: { readonly account?: string | undefined; readonly client?: string | undefined },
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Statement<undefined, StoredGrant> {
  const values: unknown[] = [tenantId, limit];
  const conditions = filtered(values, [
    ['g.account_id = ?::uuid', account],
    ['g.client_id = ?::text', client],
    ['g.id > ?::uuid', after],
  ]);
  return composed({
    name: 'token.grant.list',
    text: `select ${columns} ${standing}${conditions} order by g.id limit $2`,
    values,
    row,
  });
}

export const findGrant = statement<{ tenantId: string; grantId: string }, StoredGrant>({
  name: 'token.grant.find',
  text: `select ${columns} ${standing} and g.id = $2`,
  parameters: (p) => [p.tenantId, p.grantId],
  row,
});

/** What the person agreed to, and nothing that nobody asked them for. */
export const listConsents = statement<{ tenantId: string; accountId: string; limit: number }, StoredGrant>({
  name: 'token.grant.list-consents',
  text: `select ${columns} ${standing} and g.account_id = $2 and ${agreed} order by g.client_id limit $3`,
  parameters: (p) => [p.tenantId, p.accountId, p.limit],
  row,
});

/** Takes the agreement away that a floor has ended; not one that was given since. */
export const forgetAgreement = statement<{ tenantId: string; grantId: string; revoked: RecordedEvent }, unknown>({
  name: 'token.grant.forget-agreement',
  text: `update "grant" g set agreed_at = null, scopes = '{}', version = g.version + 1
    where g.tenant_id = $1 and g.id = $2 and g.agreed_at <= (select floor.at from floor
      where floor.tenant_id = g.tenant_id and floor.kind = 'grant' and floor.key = g.id::text)
    returning record_event($3::jsonb, g.version)`,
  parameters: (p) => [p.tenantId, p.grantId, eventParameter(p.revoked)],
  row: ignoredRow,
  records: true,
});
