import type { Migration } from '@signet/persistence';
import { directory } from './0001-directory.js';
import { sealedClientSecrets } from './0002-sealed-client-secrets.js';

export const migrations: readonly Migration[] = [directory, sealedClientSecrets];
