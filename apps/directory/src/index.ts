import { sealedSecretPlace, tenantId } from '@signet/contracts';
import { defineService } from '@signet/service';
import { DirectoryModule } from './directory.module.js';
import { migrations } from './migrations/index.js';
import { scimErrors } from './scim/http/scim-errors.js';
import { afterRestore } from './registration/after-restore.js';

export const directoryService = defineService({
  name: 'directory',
  module: DirectoryModule,
  migrations,
  afterRestore,
  entities: async () => (await import('./store/entities.js')).entities,
  errorForm: scimErrors,
  keyring: ['event', 'client', 'cursor'],
  sealed: [
    {
      ...{ purpose: 'client', table: 'client_secret', column: 'sealed' },
      key: { tenant_id: 'uuid', client_id: 'text', hash: 'bytea' },
      place: ([tenant = '', clientId = '']) => sealedSecretPlace({ tenantId: tenantId.parse(tenant), clientId }),
    },
  ],
});
