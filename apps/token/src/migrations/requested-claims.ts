import type { Migration } from '@signet/persistence';

/** What the claims parameter asked for (OpenID Connect Core 1.0 section 5.5), kept with what the person granted. */
export const requestedClaims: Migration = {
  name: 'requested_claims',
  up: `
alter table code
  add column id_token_claims text[] not null default '{}',
  add column userinfo_claims text[] not null default '{}';
alter table family
  add column id_token_claims text[] not null default '{}',
  add column userinfo_claims text[] not null default '{}';
`,
};
