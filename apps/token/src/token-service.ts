import { defineService } from '@signet/service';
import { migrations } from './migrations/index.js';
import { TokenModule } from './token.module.js';

export const tokenService = defineService({
  name: 'token',
  module: TokenModule,
  migrations,
  keyring: ['encryption', 'refresh', 'claim', 'event', 'client', 'cursor', 'dpop'],
});
