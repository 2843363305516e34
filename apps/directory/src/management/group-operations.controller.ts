import { declareGroup, groupName, groupOperations, type GroupObject, type shownGroup } from '@signet/contracts';
import { Database } from '@signet/persistence';
import { Operates, Operations, type Answer, type Input } from '@signet/service';
import type { z } from 'zod';
import { AccountChanges, accountIn } from './account-changes.js';
import { DirectoryWrites } from './directory-writes.js';
import { memberPage, showMember } from './member-page.js';
import { listGroupMembers } from './member-statements.js';
import { made, ObjectReads, written } from './object-reads.js';
import { writableOf } from './shown-objects.js';
import {
  ensureMayGiveGroups,
  ensureMayGiveRoles,
  ensureReaches,
  organisationNamed,
  reachOf,
} from './write-authority.js';
import { ensureSame, nameTaken } from './write-faults.js';

type Shown = z.output<typeof shownGroup>;
type Member = z.output<typeof groupOperations.addMember.response.schema>;
const kind = 'groups';
const of = groupOperations;

/** `/admin/v1/groups` */
@Operations()
export class GroupOperations {
  constructor(
    private readonly reads: ObjectReads,
    private readonly writes: DirectoryWrites,
    private readonly accounts: AccountChanges,
    private readonly database: Database,
  ) {}

  @Operates(of.list)
  list({ caller, page, query }: Input<typeof of.list>): Promise<Answer<{ items: Shown[] }>> {
    const { name, organisation } = query;
    return this.reads.list(kind, caller, page, { name, organisation, ...reachOf(caller) });
  }

  @Operates(of.read)
  read({ caller, parameters }: Input<typeof of.read>): Promise<Answer<Shown>> {
    return this.reads.read(kind, caller, parameters.group_id, reachOf(caller));
  }

  @Operates(of.create)
  create({ caller, body, once }: Input<typeof of.create>): Promise<Answer<Shown>> {
    return this.writes.run(caller, once, async (writing) => {
      const stored = await this.writes.declare(writing, { groups: [declareGroup(body)] }, (around) => {
        const place = organisationNamed(around, body.organisation);
        ensureReaches(caller, place);
        if (around.groups.has(groupName(body))) throw nameTaken('name');
        ensureMayGiveRoles(caller, around, [], body.roles, place);
      });
      const place = organisationNamed(stored, body.organisation);
      return made(writing, kind, {
        name: body.name,
        ...(place === null ? { of_tenant: true } : { organisation: place }),
      });
    });
  }

  @Operates(of.update)
  update(input: Input<typeof of.update>): Promise<Answer<Shown>> {
    const { caller, parameters, precondition, patched, once } = input;
    return this.writes.run(caller, once, async (writing) => {
      const before = await this.writes.find(writing, kind, parameters.group_id, reachOf(caller));
      precondition.ensure(before.version);
      const known = writableOf(kind, before.object) as GroupObject;
      const group = patched(known);
      ensureSame(known.name, group.name, 'name');
      ensureSame(known.organisation, group.organisation, 'organisation');
      await this.writes.declare(writing, { groups: [declareGroup(group)] }, (stored) => {
        ensureMayGiveRoles(caller, stored, known.roles, group.roles, organisationNamed(stored, group.organisation));
        // The members of a group that comes into it become members of it, and of all around it.
        const nests = group.groups.some((name) => !known.groups.includes(name));
        if (nests) ensureMayGiveGroups(caller, stored, [], [groupName(group)]);
      });
      return written(writing, kind, parameters.group_id);
    });
  }

  @Operates(of.remove)
  remove({ caller, parameters, precondition, once }: Input<typeof of.remove>): Promise<Answer<undefined>> {
    return this.writes.run(caller, once, async (writing) => {
      precondition.ensure((await this.writes.find(writing, kind, parameters.group_id, reachOf(caller))).version);
      await this.writes.remove(writing, kind, parameters.group_id);
      return { body: undefined };
    });
  }

  @Operates(of.listMembers)
  async listMembers({ caller, parameters, page }: Input<typeof of.listMembers>): Promise<Answer<{ items: Member[] }>> {
    const { group_id: groupId } = parameters;
    await this.reads.read(kind, caller, groupId, reachOf(caller));
    const key = { tenantId: caller.tenant.id, groupId };
    return memberPage(page, (range) => this.database.execute(listGroupMembers, { ...key, ...range }));
  }

  @Operates(of.addMember)
  addMember({ caller, parameters, once }: Input<typeof of.addMember>): Promise<Answer<Member>> {
    return this.writes.run(caller, once, async (writing) => {
      const { group_id: id, account_id: account } = parameters;
      const found = await this.writes.find(writing, kind, id, reachOf(caller));
      const reference = groupName(writableOf(kind, found.object) as GroupObject);
      const { username } = await this.accounts.change(writing, caller, account, (stored) => {
        const before = accountIn(stored);
        return { ...before, groups: [...new Set([...before.groups, reference])] };
      });
      return { body: showMember({ accountId: account, username }) };
    });
  }

  @Operates(of.removeMember)
  removeMember({ caller, parameters, once }: Input<typeof of.removeMember>): Promise<Answer<undefined>> {
    return this.writes.run(caller, once, async (writing) => {
      const { group_id: id, account_id: account } = parameters;
      const found = await this.writes.find(writing, kind, id, reachOf(caller));
      const reference = groupName(writableOf(kind, found.object) as GroupObject);
      await this.accounts.change(writing, caller, account, (stored) => {
        const before = accountIn(stored);
        return { ...before, groups: before.groups.filter((group) => group !== reference) };
      });
      return { body: undefined };
    });
  }
}
