import { defineService } from '@signet/service';
import { DirectoryModule } from './directory.module.js';
import { migrations } from './migrations/index.js';
import { entities } from './store/entities.js';

export const directoryService = defineService({
  name: 'directory',
  module: DirectoryModule,
  migrations,
  entities,
  keyring: ['event'],
});
