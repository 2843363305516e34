import { credentialOperations } from './credential-operations.js';
import { keyOperations } from './key-operations.js';
import type { Operation } from './operation.js';

/** Every operation of the Management API, of all services. */
export const managementOperations: readonly Operation[] = [credentialOperations, keyOperations].flatMap(
  (operations): Operation[] => Object.values(operations),
);
