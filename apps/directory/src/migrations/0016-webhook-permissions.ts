import type { Migration } from '@signet/persistence';

export const webhookPermissions: Migration = {
  name: 'webhook-permissions',
  up: `
create or replace function make_built_ins(tenant uuid) returns void language plpgsql as $$
declare
  server uuid := uuid_v7();
  collection text;
begin
  insert into resource_server (tenant_id, id, identifier, name, access_token_signing_alg, version, built_in)
    values (tenant, server, 'urn:signet:management', 'Signet', 'ES256', 1, true);
  insert into scope (tenant_id, id, name, description, resource_server, version, built_in) values
    (tenant, uuid_v7(), 'signet:admin', 'Administer Signet as far as you may', 'urn:signet:management', 1, true),
    (tenant, uuid_v7(), 'signet:scim', 'Provision accounts and groups', 'urn:signet:management', 1, true);
  foreach collection in array array['tenants', 'organisations', 'accounts', 'groups', 'roles', 'resource-servers', 'scopes',
    'clients', 'credentials', 'keys', 'grants', 'sessions', 'events', 'webhooks', 'scim'] loop
    insert into permission (tenant_id, resource_server_id, name, description) values
      (tenant, server, collection || ':read', ''), (tenant, server, collection || ':write', '');
  end loop;
  insert into role (tenant_id, id, name, description, version, built_in) values
    (tenant, uuid_v7(), 'signet:administrator', 'Everything that can be administered', 1, true),
    (tenant, uuid_v7(), 'signet:auditor', 'Sees everything and changes nothing', 1, true),
    (tenant, uuid_v7(), 'signet:provisioner', 'Keeps accounts and groups by SCIM', 1, true);
  insert into role_permission (tenant_id, role_id, resource_server_id, name)
    select tenant, role.id, server, permission.name
    from role join permission on permission.tenant_id = tenant and permission.resource_server_id = server and (
      role.name = 'signet:administrator'
      or role.name = 'signet:auditor' and permission.name like '%:read'
      or role.name = 'signet:provisioner' and permission.name like 'scim:%')
    where role.tenant_id = tenant and role.built_in;
end
$$;

-- The same in tenants that are there.
with webhooks as (
  insert into permission (tenant_id, resource_server_id, name, description)
  select server.tenant_id, server.id, 'webhooks:' || verb, '' from resource_server server cross join unnest(array['read', 'write']) as verb
  where server.identifier = 'urn:signet:management'
  returning tenant_id, resource_server_id, name
)
insert into role_permission (tenant_id, role_id, resource_server_id, name)
select webhooks.tenant_id, role.id, webhooks.resource_server_id, webhooks.name
from webhooks join role on role.tenant_id = webhooks.tenant_id and role.built_in and (
  role.name = 'signet:administrator' or role.name = 'signet:auditor' and webhooks.name like '%:read');
update tenant set authority_version = authority_version + 1;
`,
};
