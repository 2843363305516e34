import 'reflect-metadata';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  createSession,
  findClient,
  findPublicKeys,
  findTenant,
  micros,
  newId,
  raiseFloors,
  resolveAccount,
  resolveSession,
  sessionId,
  type AccountId,
  type SessionId,
  type Tenant,
} from '@signet/contracts';
import { loadKeyring, newKeyring, sha256Text } from '@signet/keys';
import { connectNats, MeshError, NatsTransport, Requester, Serves } from '@signet/messaging';
import type { Client } from '@signet/protocol';
import {
  cookieName,
  createService,
  Hasher,
  loadConfiguration,
  serviceConfiguration,
  ServiceLogger,
} from '@signet/service';
import { suiteDatabase, suiteNats, type SuiteDatabase } from '@signet/testing';
import type { z } from 'zod';
import { sessionService } from '../src/index.js';

export const issuer = 'http://localhost:3000';

/** What directory and token say; a test changes it as it likes. */
export class Neighbours {
  readonly clients: Client[] = [];
  /** Accounts by what they sign in with. */
  readonly accounts = new Map<string, AccountId>();
  /** Public halves of every key that the tenant ever had. */
  keys: Record<string, unknown>[] = [];
  away = false;

  constructor(readonly tenant: Tenant) {}

  answer<T>(value: T | undefined): T {
    if (this.away) throw new MeshError('unavailable', 'away');
    if (value === undefined) throw new MeshError('not_found', 'there is no such thing');
    return value;
  }
}

@Controller()
class FakeNeighbours {
  constructor(@Inject(Neighbours) private readonly said: Neighbours) {}

  @Serves(findTenant)
  tenant(): Tenant {
    return this.said.tenant;
  }

  @Serves(findClient)
  client({ clientId }: z.output<typeof findClient.request>): Client {
    return this.said.answer(this.said.clients.find((client) => client.clientId === clientId));
  }

  @Serves(resolveAccount)
  account({ identifier }: z.output<typeof resolveAccount.request>): z.input<typeof resolveAccount.response> {
    const accountId = this.said.accounts.get(identifier);
    const found = accountId && ({ accountId, status: 'active', version: 1, username: identifier } as const);
    return this.said.answer({ account: found ?? null, readAt: 1 as never });
  }

  @Serves(findPublicKeys)
  keys(): z.input<typeof findPublicKeys.response> {
    return { keys: this.said.keys };
  }

  @Serves(raiseFloors)
  floors({ floors }: z.output<typeof raiseFloors.request>): z.input<typeof raiseFloors.response> {
    return { raised: floors.length };
  }
}

@Module({})
class FakeNeighboursModule {}

export interface Browser {
  readonly id: SessionId;
  readonly cookies: Map<string, string>;
}

export interface SessionOverHttp {
  readonly database: SuiteDatabase;
  readonly said: Neighbours;
  /** A browser in which an account is signed in, and has been to these clients. */
  signedIn(accountId: AccountId, ...clients: readonly string[]): Promise<Browser>;
  /** As the browser sends it; a redirect is not followed. */
  send(browser: Browser, path: string, form?: Readonly<Record<string, string>>): Promise<Response>;
  /** Why the session has ended; null where it lives. */
  end(browser: Browser): Promise<string | null>;
  stop(): Promise<void>;
}

/** The session service as it runs, with neighbours that say what a test wants. */
export async function sessionOverHttp(tenant: Tenant): Promise<SessionOverHttp> {
  const database = await suiteDatabase({ services: { session: sessionService.migrations } });
  const nats = await suiteNats();
  const connection = await connectNats({ url: nats.url, service: 'test', name: 'test' });
  const said = new Neighbours(tenant);
  const fake = await NestFactory.createMicroservice(
    {
      module: FakeNeighboursModule,
      controllers: [FakeNeighbours],
      providers: [{ provide: Neighbours, useValue: said }],
    },
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest types its options as a class
    { strategy: new NatsTransport({ connection, service: 'directory' }), logger: false },
  );
  await fake.listen();
  const own = { DATABASE_URL: database.serviceUrl('session'), NATS_URL: nats.url };
  const loaded = loadConfiguration(
    { ...own, SIGNET_TEST: '1', SIGNET_ISSUER: issuer, SIGNET_LISTEN: '127.0.0.1', SIGNET_DATABASE_PATIENCE: '15000' },
    ['session'],
  );
  if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults));
  const configuration = serviceConfiguration(loaded.ok, 'session', loadKeyring(newKeyring()));
  const resources = { logger: ServiceLogger.root('silent'), hasher: new Hasher() };
  const service = await createService(sessionService, configuration, resources);
  const server = createServer((request, response) => {
    service.handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const requester = new Requester({ connection });
  return {
    database,
    said,
    signedIn: async (accountId, first, ...more) => {
      const [id, secret] = [newId(sessionId), newId(sessionId).padEnd(43, 'x')];
      const session = { sessionId: id, secretHash: sha256Text(secret) };
      const asked = { tenantId: tenant.id, session, context: { actor: 'anonymous' } } as const;
      await requester.request(createSession, {
        ...asked,
        ...{ accountId, clientId: first, remembered: false, lifetimes: { idle: 3_600, absolute: 36_000 } },
        ...{ since: micros.parse(1_800_000_000_000_000), acr: 'urn:signet:acr:password', amr: ['pwd'] },
      });
      for (const clientId of more) await requester.request(resolveSession, { ...asked, clientId });
      return { id, cookies: new Map([[cookieName(tenant.id, 'session', issuer), `${id}.${secret}`]]) };
    },
    send: async ({ cookies }, path, form) => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        redirect: 'manual',
        headers: { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '), Host: 'localhost' },
        ...(form && { method: 'POST', body: new URLSearchParams(form) }),
      });
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (line.includes('Max-Age=0')) cookies.delete(name);
        else cookies.set(name, value);
      }
      return answer;
    },
    end: async ({ id }) => {
      const [row] = await database.query<{ reason: string | null }>(
        'select end_reason as reason from session.session where id = $1',
        [id],
      );
      return row?.reason ?? null;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await service.stop();
      await fake.close();
      await connection.close();
      await nats.stop();
      await database.drop();
    },
  };
}
