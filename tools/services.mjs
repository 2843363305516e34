/** PostgreSQL and NATS as child processes: plain Node, usable before anything is built. */
export { startPostgres } from './embedded-postgres.mjs';
export { findNatsServer, startNats } from './embedded-nats.mjs';
export { freePort, portIsFree } from './free-port.mjs';
