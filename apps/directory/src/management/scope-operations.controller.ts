import { declareScope, scopeOperations, type ScopeObject, type shownScope } from '@signet/contracts';
import { Operates, Operations, type Answer, type Input } from '@signet/service';
import type { z } from 'zod';
import { DirectoryWrites } from './directory-writes.js';
import { made, ObjectReads, written } from './object-reads.js';
import { writableOf } from './shown-objects.js';
import { ensureSame, nameTaken } from './write-faults.js';

type Shown = z.output<typeof shownScope>;

/** `/admin/v1/scopes` */
@Operations()
export class ScopeOperations {
  constructor(
    private readonly reads: ObjectReads,
    private readonly writes: DirectoryWrites,
  ) {}

  @Operates(scopeOperations.list)
  list({ caller, page, query }: Input<typeof scopeOperations.list>): Promise<Answer<{ items: Shown[] }>> {
    return this.reads.list('scopes', caller, page, { name: query.name, resource_server: query.resource_server });
  }

  @Operates(scopeOperations.read)
  read({ caller, parameters }: Input<typeof scopeOperations.read>): Promise<Answer<Shown>> {
    return this.reads.read('scopes', caller, parameters.scope_id);
  }

  @Operates(scopeOperations.create)
  create({ caller, body, once }: Input<typeof scopeOperations.create>): Promise<Answer<Shown>> {
    return this.writes.run(caller, once, async (writing) => {
      await this.writes.declare(writing, { scopes: [declareScope(body)] }, ({ scopes }) => {
        if (scopes.has(body.name)) throw nameTaken('name');
      });
      return made(writing, 'scopes', { name: body.name });
    });
  }

  @Operates(scopeOperations.update)
  update(input: Input<typeof scopeOperations.update>): Promise<Answer<Shown>> {
    const { caller, parameters, precondition, patched, once } = input;
    return this.writes.run(caller, once, async (writing) => {
      const before = await this.writes.find(writing, 'scopes', parameters.scope_id);
      precondition.ensure(before.version);
      const known = writableOf('scopes', before.object) as ScopeObject;
      const scope = patched(known);
      ensureSame(known.name, scope.name, 'name');
      await this.writes.declare(writing, { scopes: [declareScope(scope)] }, () => undefined);
      return written(writing, 'scopes', parameters.scope_id);
    });
  }

  @Operates(scopeOperations.remove)
  remove({ caller, parameters, precondition, once }: Input<typeof scopeOperations.remove>): Promise<Answer<undefined>> {
    return this.writes.run(caller, once, async (writing) => {
      precondition.ensure((await this.writes.find(writing, 'scopes', parameters.scope_id)).version);
      await this.writes.remove(writing, 'scopes', parameters.scope_id);
      return { body: undefined };
    });
  }
}
