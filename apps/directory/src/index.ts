import { defineService } from '@signet/service';
import { DirectoryModule } from './directory.module.js';
import { migrations } from './migrations/index.js';

export const directoryService = defineService({
  name: 'directory',
  module: DirectoryModule,
  migrations,
  entities: async () => (await import('./store/entities.js')).entities,
  keyring: ['event', 'client'],
});
