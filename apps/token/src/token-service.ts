import { defineService } from '@signet/service';
import { privateKeyContext } from './keys/store/key-statements.js';
import { migrations } from './migrations/index.js';
import { afterRestore } from './restoration/after-restore.js';
import { TokenModule } from './token.module.js';

export const tokenService = defineService({
  name: 'token',
  module: TokenModule,
  migrations,
  afterRestore,
  keyring: ['encryption', 'refresh', 'claim', 'event', 'client', 'cursor', 'dpop'],
  sealed: [
    {
      ...{ purpose: 'encryption', table: 'tenant_key', column: 'private' },
      key: { tenant_id: 'uuid', kid: 'text' },
      place: ([tenantId = '', kid = '']) => privateKeyContext(tenantId, kid),
    },
  ],
});
