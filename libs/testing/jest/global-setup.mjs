import { testServices } from './test-services.mjs';

/** Gives the run its PostgreSQL; each suite makes a database of its own there, and starts a nats-server of its own. */
export default async function setup() {
  globalThis.signetTestServices = await testServices(process.env);
}
