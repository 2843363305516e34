import type { Migration } from '@signet/persistence';

export const sealedClientSecrets: Migration = {
  name: 'sealed-client-secrets',
  up: `
-- A MAC needs the secret itself. Sealed outside the database, for clients of client_secret_jwt alone.
alter table client_secret add column sealed bytea;
`,
};
