import {
  declareResourceServer,
  resourceServerOperations,
  type ResourceServerObject,
  type shownResourceServer,
} from '@signet/contracts';
import { Operates, Operations, type Answer, type Input } from '@signet/service';
import type { z } from 'zod';
import { DirectoryWrites } from './directory-writes.js';
import { made, ObjectReads, written } from './object-reads.js';
import { writableOf } from './shown-objects.js';
import { ensureSame, nameTaken } from './write-faults.js';

type Shown = z.output<typeof shownResourceServer>;
const kind = 'resourceServers';

/** `/admin/v1/resource-servers` */
@Operations()
export class ResourceServerOperations {
  constructor(
    private readonly reads: ObjectReads,
    private readonly writes: DirectoryWrites,
  ) {}

  @Operates(resourceServerOperations.list)
  list({ caller, page, query }: Input<typeof resourceServerOperations.list>): Promise<Answer<{ items: Shown[] }>> {
    return this.reads.list(kind, caller, page, { identifier: query.identifier });
  }

  @Operates(resourceServerOperations.read)
  read({ caller, parameters }: Input<typeof resourceServerOperations.read>): Promise<Answer<Shown>> {
    return this.reads.read(kind, caller, parameters.resource_server_id);
  }

  @Operates(resourceServerOperations.create)
  create({ caller, body, once }: Input<typeof resourceServerOperations.create>): Promise<Answer<Shown>> {
    return this.writes.run(caller, once, async (writing) => {
      await this.writes.declare(writing, { resourceServers: [declareResourceServer(body)] }, (stored) => {
        if (stored.resourceServers.has(body.identifier)) throw nameTaken('identifier');
      });
      return made(writing, kind, { identifier: body.identifier });
    });
  }

  @Operates(resourceServerOperations.update)
  update(input: Input<typeof resourceServerOperations.update>): Promise<Answer<Shown>> {
    const { caller, parameters, precondition, patched, once } = input;
    return this.writes.run(caller, once, async (writing) => {
      const before = await this.writes.find(writing, kind, parameters.resource_server_id);
      precondition.ensure(before.version);
      const known = writableOf(kind, before.object) as ResourceServerObject;
      const server = patched(known);
      ensureSame(known.identifier, server.identifier, 'identifier');
      await this.writes.declare(writing, { resourceServers: [declareResourceServer(server)] }, () => undefined);
      return written(writing, kind, parameters.resource_server_id);
    });
  }

  @Operates(resourceServerOperations.remove)
  remove(input: Input<typeof resourceServerOperations.remove>): Promise<Answer<undefined>> {
    const { caller, parameters, precondition, once } = input;
    return this.writes.run(caller, once, async (writing) => {
      precondition.ensure((await this.writes.find(writing, kind, parameters.resource_server_id)).version);
      await this.writes.remove(writing, kind, parameters.resource_server_id);
      return { body: undefined };
    });
  }
}
