// tools/ is plain Node and no project; @signet/testing builds on this library.
/* eslint-disable @nx/enforce-module-boundaries */
export { freePort, startNats, type EmbeddedServer } from '../../../tools/services.mjs';
export { throwawayNats, type ThrowawayServer } from '../../../tools/throwaway.mjs';
export { newAuthority, type Authority } from '../../../tools/authority.mjs';
