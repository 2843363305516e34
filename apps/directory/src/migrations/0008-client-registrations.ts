import type { Migration } from '@signet/persistence';

export const clientRegistrations: Migration = {
  name: 'client-registrations',
  up: `
-- How a client came to be. Null: by a release that did not keep it, or by itself before this one, openly or not.
alter table client add column registration text check (registration in ('operator', 'protected', 'open'));
update client set registration = 'operator' where not exists (
  select from client_registration registered
  where registered.tenant_id = client.tenant_id and registered.client_id = client.client_id);
-- A file that stands says more of its clients than it did.
update configuration_plan set fingerprint = null;
`,
};
