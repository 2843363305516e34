import type { Migration } from '@signet/persistence';
import { directory } from './0001-directory.js';

export const migrations: readonly Migration[] = [directory];
