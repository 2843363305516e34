import {
  heldPermission,
  managementResource,
  type AccountId,
  type HeldPermission,
  type TenantId,
} from '@signet/contracts';
import { statement, type Statement } from '@signet/persistence';
import { effectiveGroups, rolesIn } from '../accounts/authority-sql.js';

/** SQL: joins what roles give at the management resource server. */
const managementPermissions = (owner: string, roleIds: string): string => `
  join resource_server server on server.tenant_id = ${owner}.tenant_id and server.identifier = '${managementResource}'
  join role_permission given on given.tenant_id = server.tenant_id and given.resource_server_id = server.id and given.role_id in ${roleIds}`;

interface AuthorityOf<P> {
  /** Of whoever may act now: of nobody who is disabled, and in no organisation that is. */
  readonly now: Statement<P, HeldPermission>;
  /** Of whom it is, disabled or not: what somebody could do who made them act again. */
  readonly ever: Statement<P, HeldPermission>;
}

const both = <P>(make: (form: keyof AuthorityOf<P>) => Statement<P, HeldPermission>): AuthorityOf<P> => ({
  ...{ now: make('now'), ever: make('ever') },
});

/** In the whole tenant, and within each of its organisations. */
export const accountAuthority = both<{ tenantId: TenantId; accountId: AccountId }>((form) =>
  statement({
    name: `directory.authority.of-account-${form}`,
    text: `select distinct given.name, place.organisation_id as "organisationId"
    from account cross join lateral ${effectiveGroups} effective
    cross join lateral (
      select null::uuid as organisation_id
      union all
      select member.organisation_id from organisation_member member join organisation
        on organisation.tenant_id = member.tenant_id and organisation.id = member.organisation_id ${form === 'now' ? 'and organisation.enabled' : ''}
      where member.tenant_id = account.tenant_id and member.account_id = account.id) place
    ${managementPermissions('account', rolesIn('place.organisation_id'))}
    where account.tenant_id = $1 and account.id = $2 ${form === 'now' ? `and account.deleted_at is null and account.status = 'active'` : ''}`,
    parameters: (p) => [p.tenantId, p.accountId],
    row: heldPermission,
  }),
);

/** A client's roles count in the whole tenant. */
export const clientAuthority = both<{ tenantId: TenantId; clientId: string }>((form) =>
  statement({
    name: `directory.authority.of-client-${form}`,
    text: `select distinct given.name, null::uuid as "organisationId" from client
    ${managementPermissions(
      'client',
      `(select role_id from client_role where client_role.tenant_id = client.tenant_id and client_role.client_id = client.client_id)`,
    )}
    where client.tenant_id = $1 and client.client_id = $2 ${form === 'now' ? 'and client.enabled' : ''}`,
    parameters: (p) => [p.tenantId, p.clientId],
    row: heldPermission,
  }),
);
