import { keyOperations } from './key-operations.js';
import type { Operation } from './operation.js';

/** Every operation of the Management API, of all services. */
export const managementOperations: readonly Operation[] = [keyOperations].flatMap((operations): Operation[] =>
  Object.values(operations),
);
