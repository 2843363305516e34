import type { Migration } from '@signet/persistence';

export const localizedLogos: Migration = {
  name: 'localized-logos',
  up: `
-- A client has a logo for each language that it registers one for (RFC 7591 section 2.2): of \`logo_uri\`, \`logo_uri#fr\`.
alter table client_logo add column member text not null default 'logo_uri', drop constraint client_logo_pkey,
  add primary key (tenant_id, client_id, member);
alter table client_logo alter column member drop default;
`,
};
