import { eventStream, type Principal } from '@signet/contracts';
import { connectNats, natsServerConfig } from '@signet/messaging';
import { throwawayNats } from './embedded-servers.js';

export interface SuiteNats {
  /** `nats://[user:password@]host:port`, as libs/messaging takes it. */
  readonly url: string;
  /** The URL for one of the services that the suite named. */
  serviceUrl(service: Principal): string;
  stop(): Promise<void>;
}

export interface SuiteNatsOptions {
  /** Each gets a NATS user, held to what the contracts allow it; without any the server lets everybody do everything. */
  readonly services?: readonly Principal[];
}

const userPassword = 'test-user-password';

/**
 * A nats-server with JetStream for one suite: ready in about 20 ms, so suites share nothing and need no names of their own.
 *
 * With TEST_NATS_URL set the suites share that server: jest runs them one after the other, and each begins without the event
 * stream of the one before. A suite that names services still gets a server of its own.
 */
export async function suiteNats({ services = [] }: SuiteNatsOptions = {}): Promise<SuiteNats> {
  const given = process.env['TEST_NATS_URL'];
  if (given && services.length === 0) {
    await deleteStream(given);
    return { url: given, serviceUrl: () => given, stop: () => Promise.resolve() };
  }
  const users = Object.fromEntries(services.map((service) => [service, { password: userPassword }]));
  const server = await throwawayNats({
    config: (directory) =>
      services.length === 0 ? {} : natsServerConfig({ services: users, jetstreamDir: directory, port: -1 }),
  });
  const serviceUrl = (service: Principal) => `nats://${service}:${userPassword}@127.0.0.1:${server.port}`;
  return { url: server.url, serviceUrl, stop: () => server.stop() };
}

async function deleteStream(url: string): Promise<void> {
  const connection = await connectNats({ url, service: 'test', name: 'test', waitOnFirstConnect: false });
  await connection.request(`$JS.API.STREAM.DELETE.${eventStream}`); // that there is none is no fault
  await connection.close();
}
