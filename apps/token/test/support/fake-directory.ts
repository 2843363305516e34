import 'reflect-metadata';
import { Controller, Inject, Module, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  findAccount,
  findAuthority,
  findCatalogue,
  findClientWithSecrets,
  findTenant,
  type Account,
  type Catalogue,
  type HeldPermission,
  type Tenant,
} from '@signet/contracts';
import { MeshError, NatsTransport, Serves } from '@signet/messaging';
import type { ClientWithSecrets } from '@signet/protocol';
import type { NatsConnection } from '@signet/service';
import type { z } from 'zod';

/** What the directory says; a test changes it as it likes. */
export class DirectoryContent {
  readonly tenants: Tenant[] = [];
  readonly clients: ClientWithSecrets[] = [];
  readonly accounts: Account[] = [];
  readonly catalogues: Catalogue[] = [];
  /** By tenant and account, or tenant and client. */
  readonly authorities = new Map<string, HeldPermission[]>();
  /** Set while it is not to answer. */
  away = false;

  find<T>(values: readonly T[], matches: (value: T) => boolean): T {
    if (this.away) throw new MeshError('unavailable', 'the directory is away');
    const found = values.find(matches);
    if (found === undefined) throw new MeshError('not_found', 'there is no such thing');
    return found;
  }
}

@Controller()
class FakeDirectory {
  constructor(@Inject(DirectoryContent) private readonly content: DirectoryContent) {}

  @Serves(findTenant)
  tenant(asked: z.output<typeof findTenant.request>): Tenant {
    return this.content.find(this.content.tenants, (tenant) =>
      'slug' in asked ? tenant.slug === asked.slug : tenant.id === asked.tenantId,
    );
  }

  @Serves(findClientWithSecrets)
  client({ tenantId, clientId }: z.output<typeof findClientWithSecrets.request>): ClientWithSecrets {
    return this.content.find(
      this.content.clients,
      (client) => client.tenantId === tenantId && client.clientId === clientId,
    );
  }

  @Serves(findAccount)
  account({ tenantId, accountId }: z.output<typeof findAccount.request>): Account {
    return this.content.find(
      this.content.accounts,
      (account) => account.tenantId === tenantId && account.accountId === accountId,
    );
  }

  @Serves(findAuthority)
  authority(asked: z.output<typeof findAuthority.request>): { permissions: HeldPermission[] } {
    if (this.content.away) throw new MeshError('unavailable', 'the directory is away');
    const principal = 'accountId' in asked ? asked.accountId : asked.clientId;
    return { permissions: this.content.authorities.get(`${asked.tenantId} ${principal}`) ?? [] };
  }

  @Serves(findCatalogue)
  catalogue({ tenantId }: z.output<typeof findCatalogue.request>): Catalogue {
    return this.content.find(this.content.catalogues, (catalogue) => catalogue.tenantId === tenantId);
  }
}

@Module({})
class FakeDirectoryModule {}

/** Answers for the directory over NATS, by its contracts. */
export async function serveDirectory(
  content: DirectoryContent,
  connection: NatsConnection,
): Promise<INestMicroservice> {
  const microservice = await NestFactory.createMicroservice(
    {
      module: FakeDirectoryModule,
      controllers: [FakeDirectory],
      providers: [{ provide: DirectoryContent, useValue: content }],
    },
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest types its options as a class
    { strategy: new NatsTransport({ connection, service: 'directory' }), logger: false },
  );
  await microservice.listen();
  return microservice;
}
