export { revokeAtDatabase, type Revocation, type RevocationOutcome } from './floors/revoke-at-database.js';
export { tokenService } from './token-service.js';
