// The servers are started by plain Node, since the quick start runs them before anything is built; tools/ is no project.
/* eslint-disable @nx/enforce-module-boundaries */
export { freePort, startNats, startPostgres, type EmbeddedServer } from '../../../tools/services.mjs';
export { throwawayNats, throwawayPostgres, type ThrowawayServer } from '../../../tools/throwaway.mjs';
export { newAuthority, type Authority } from '../../../tools/authority.mjs';
