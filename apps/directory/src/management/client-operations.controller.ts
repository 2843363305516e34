import { clientOperations, newId, type createdClient, type managedClient, type shownClient } from '@signet/contracts';
import { Operates, Operations, type Answer, type Input } from '@signet/service';
import { z } from 'zod';
import { ClientChanges } from './client-changes.js';
import { DirectoryWrites, type Judge } from './directory-writes.js';
import { ObjectReads, written } from './object-reads.js';
import { writableOf } from './shown-objects.js';
import { ensureCoversClient, ensureMayGiveRoles, ensureMayOpen } from './write-authority.js';
import { ensureSame, nameTaken } from './write-faults.js';

type Shown = z.output<typeof shownClient>;
type Created = z.output<typeof createdClient>;
type Managed = z.output<typeof managedClient>;
const kind = 'clients';
const of = clientOperations;
const uuid = z.uuid({ version: 'v7' });

/** `/admin/v1/clients` */
@Operations()
export class ClientOperations {
  constructor(
    private readonly reads: ObjectReads,
    private readonly writes: DirectoryWrites,
    private readonly clients: ClientChanges,
  ) {}

  @Operates(of.list)
  list({ caller, page }: Input<typeof of.list>): Promise<Answer<{ items: Shown[] }>> {
    return this.reads.list(kind, caller, page);
  }

  @Operates(of.read)
  read({ caller, parameters }: Input<typeof of.read>): Promise<Answer<Shown>> {
    return this.reads.read(kind, caller, parameters.client_id);
  }

  @Operates(of.create)
  async create({ caller, body, once }: Input<typeof of.create>): Promise<Answer<Created>> {
    const clientId = body.client_id ?? newId(uuid);
    const { client, kept, issued } = this.clients.made(caller.tenant.id, { ...body, client_id: clientId }, undefined);
    await this.clients.ensureSector(client);
    return this.writes.run(caller, once, async (writing) => {
      const judge: Judge = (stored) => {
        if (stored.clients.has(clientId)) throw nameTaken('client_id');
        ensureMayGiveRoles(caller, stored, [], client.roles, null);
        ensureMayOpen(caller, client);
      };
      await this.writes.declare(writing, { clients: [client] }, judge, { kept });
      const shown = await written(writing, kind, clientId);
      return withSecret({ ...shown, location: clientId }, issued);
    });
  }

  /** A new secret is made, and shown, where the client begins to need one. */
  @Operates(of.update)
  async update(input: Input<typeof of.update>): Promise<Answer<Created>> {
    const { caller, parameters, precondition, patched, once } = input;
    const { client_id: clientId } = parameters;
    const wantedOf = (object: unknown): Managed & { client_id: string } => {
      const wanted = patched(writableOf(kind, object));
      ensureSame(clientId, wanted.client_id ?? clientId, 'client_id');
      return { ...wanted, client_id: clientId };
    };
    const seen = await this.clients.ensureSectorOf(caller, clientId, wantedOf);
    return this.writes.run(caller, once, async (writing) => {
      const before = await this.writes.find(writing, kind, clientId);
      precondition.ensure(before.version);
      await ensureCoversClient(writing, clientId);
      const secrets = await this.clients.secretsOf(writing, clientId);
      const { client, kept, issued } = this.clients.made(writing.tenantId, wantedOf(before.object), secrets);
      this.clients.ensureSeen(seen, client);
      const judge: Judge = (stored) => {
        ensureMayGiveRoles(caller, stored, stored.clients.get(clientId)?.roles ?? [], client.roles, null);
        ensureMayOpen(caller, client);
      };
      await this.writes.declare(writing, { clients: [client] }, judge, { kept });
      return withSecret(await written(writing, kind, clientId), issued);
    });
  }

  @Operates(of.rotateSecret)
  rotateSecret(input: Input<typeof of.rotateSecret>): Promise<Answer<{ client_id: string; client_secret: string }>> {
    const { caller, parameters, body, precondition, once } = input;
    return this.writes.run(caller, once, async (writing) => {
      const { client_id: clientId } = parameters;
      const before = await this.writes.find(writing, kind, clientId);
      precondition.ensure(before.version);
      await ensureCoversClient(writing, clientId);
      const known = writableOf(kind, before.object) as Managed;
      const secrets = await this.clients.secretsOf(writing, clientId);
      const rotated = this.clients.rotated(
        writing.tenantId,
        { ...known, client_id: clientId },
        secrets,
        body.end_others,
      );
      ensureMayOpen(caller, rotated.client);
      await this.writes.declare(writing, { clients: [rotated.client] }, () => undefined, { kept: rotated.kept });
      const { version } = await written(writing, kind, clientId);
      const told = { client_id: clientId, client_secret: rotated.issued };
      return { body: told, ...(version !== undefined && { version }) };
    });
  }

  /** What it held ends. */
  @Operates(of.remove)
  remove({ caller, parameters, precondition, once }: Input<typeof of.remove>): Promise<Answer<undefined>> {
    return this.writes.run(caller, once, async (writing) => {
      const { client_id: clientId } = parameters;
      precondition.ensure((await this.writes.find(writing, kind, clientId)).version);
      await ensureCoversClient(writing, clientId);
      await this.writes.remove(writing, kind, clientId);
      return { body: undefined };
    });
  }
}

const withSecret = (answer: Answer<Shown>, secret: string | undefined): Answer<Created> => ({
  ...answer,
  body: { ...answer.body, ...(secret !== undefined && { client_secret: secret }) },
});
