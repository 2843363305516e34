import {
  declareRole,
  isManagementPermission,
  managementResource,
  roleOperations,
  type RoleObject,
  type shownRole,
} from '@signet/contracts';
import { Operates, Operations, type Answer, type Caller, type Input } from '@signet/service';
import type { z } from 'zod';
import { DirectoryWrites } from './directory-writes.js';
import { made, ObjectReads, written } from './object-reads.js';
import { writableOf } from './shown-objects.js';
import { ensureMayGive } from './write-authority.js';
import { ensureSame, nameTaken } from './write-faults.js';

type Shown = z.output<typeof shownRole>;

/** `/admin/v1/roles` */
@Operations()
export class RoleOperations {
  constructor(
    private readonly reads: ObjectReads,
    private readonly writes: DirectoryWrites,
  ) {}

  @Operates(roleOperations.list)
  list({ caller, page, query }: Input<typeof roleOperations.list>): Promise<Answer<{ items: Shown[] }>> {
    return this.reads.list('roles', caller, page, { name: query.name });
  }

  @Operates(roleOperations.read)
  read({ caller, parameters }: Input<typeof roleOperations.read>): Promise<Answer<Shown>> {
    return this.reads.read('roles', caller, parameters.role_id);
  }

  @Operates(roleOperations.create)
  create({ caller, body, once }: Input<typeof roleOperations.create>): Promise<Answer<Shown>> {
    ensureMayAdd(caller, body);
    return this.writes.run(caller, once, async (writing) => {
      await this.writes.declare(writing, { roles: [declareRole(body)] }, ({ roles }) => {
        if (roles.has(body.name)) throw nameTaken('name');
      });
      return made(writing, 'roles', { name: body.name });
    });
  }

  @Operates(roleOperations.update)
  update(input: Input<typeof roleOperations.update>): Promise<Answer<Shown>> {
    const { caller, parameters, precondition, patched, once } = input;
    return this.writes.run(caller, once, async (writing) => {
      const before = await this.writes.find(writing, 'roles', parameters.role_id);
      precondition.ensure(before.version);
      const known = writableOf('roles', before.object) as RoleObject;
      const role = patched(known);
      ensureSame(known.name, role.name, 'name');
      ensureMayAdd(caller, role, known);
      await this.writes.declare(writing, { roles: [declareRole(role)] }, () => undefined);
      return written(writing, 'roles', parameters.role_id);
    });
  }

  @Operates(roleOperations.remove)
  remove({ caller, parameters, precondition, once }: Input<typeof roleOperations.remove>): Promise<Answer<undefined>> {
    return this.writes.run(caller, once, async (writing) => {
      precondition.ensure((await this.writes.find(writing, 'roles', parameters.role_id)).version);
      await this.writes.remove(writing, 'roles', parameters.role_id);
      return { body: undefined };
    });
  }
}

/** Whoever puts a management permission into a role gives it to all that have the role, wherever they have it. */
function ensureMayAdd(caller: Caller, role: RoleObject, before?: RoleObject): void {
  const known = before?.permissions[managementResource] ?? [];
  const added = (role.permissions[managementResource] ?? []).filter((name) => !known.includes(name));
  ensureMayGive(caller, added.filter(isManagementPermission), null);
}
