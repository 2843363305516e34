import type { Migration } from '@signet/persistence';

/**
 * A key is published before it is used, so that nobody meets a signature of a key that their copy of /jwks lacks. The keys that
 * were there before are used already.
 */
export const keyRotation: Migration = {
  name: 'key-rotation',
  up: `
alter table signing_key rename to tenant_key;
alter table tenant_key rename constraint signing_key_generation to tenant_key_generation;
alter table tenant_key drop constraint signing_key_alg_check;
alter table tenant_key add constraint tenant_key_alg
  check (alg in ('RS256', 'PS256', 'ES256', 'EdDSA', 'RSA-OAEP-256', 'ECDH-ES'));
alter table tenant_key add column used_from timestamptz;
update tenant_key set used_from = created_at;
alter table tenant_key alter column used_from set not null;
`,
};
