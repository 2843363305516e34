import {
  declareOrganisation,
  organisationId,
  organisationOperations,
  type OrganisationObject,
  type shownOrganisation,
} from '@signet/contracts';
import { Database } from '@signet/persistence';
import { Operates, Operations, type Answer, type Input } from '@signet/service';
import type { z } from 'zod';
import { AccountChanges, accountIn } from './account-changes.js';
import { DirectoryWrites } from './directory-writes.js';
import { memberPage, showMember } from './member-page.js';
import { listOrganisationMembers } from './member-statements.js';
import { made, ObjectReads, written } from './object-reads.js';
import { writableOf } from './shown-objects.js';
import { ensureMayGiveRoles, reachOf } from './write-authority.js';
import { ensureSame, nameTaken } from './write-faults.js';

type Shown = z.output<typeof shownOrganisation>;
type Member = z.output<typeof organisationOperations.setMember.response.schema>;
const kind = 'organisations';
const of = organisationOperations;

/** `/admin/v1/organisations` */
@Operations()
export class OrganisationOperations {
  constructor(
    private readonly reads: ObjectReads,
    private readonly writes: DirectoryWrites,
    private readonly accounts: AccountChanges,
    private readonly database: Database,
  ) {}

  @Operates(of.list)
  list({ caller, page, query }: Input<typeof of.list>): Promise<Answer<{ items: Shown[] }>> {
    return this.reads.list(kind, caller, page, { name: query.name, ...reachOf(caller) });
  }

  @Operates(of.read)
  read({ caller, parameters }: Input<typeof of.read>): Promise<Answer<Shown>> {
    return this.reads.read(kind, caller, parameters.organisation_id, reachOf(caller));
  }

  @Operates(of.create)
  create({ caller, body, once }: Input<typeof of.create>): Promise<Answer<Shown>> {
    return this.writes.run(caller, once, async (writing) => {
      await this.writes.declare(writing, { organisations: [declareOrganisation(body)] }, (stored) => {
        if (stored.organisations.has(body.name)) throw nameTaken('name');
        ensureMayGiveRoles(caller, stored, [], body.roles, null);
      });
      return made(writing, kind, { name: body.name });
    });
  }

  @Operates(of.update)
  update(input: Input<typeof of.update>): Promise<Answer<Shown>> {
    const { caller, parameters, precondition, patched, once } = input;
    return this.writes.run(caller, once, async (writing) => {
      const id = parameters.organisation_id;
      const before = await this.writes.find(writing, kind, id, reachOf(caller));
      precondition.ensure(before.version);
      const known = writableOf(kind, before.object) as OrganisationObject;
      const organisation = patched(known);
      ensureSame(known.name, organisation.name, 'name');
      await this.writes.declare(writing, { organisations: [declareOrganisation(organisation)] }, (stored) => {
        const given = ({ enabled, roles }: OrganisationObject) => (enabled ? roles : []);
        ensureMayGiveRoles(caller, stored, given(known), given(organisation), id);
      });
      return written(writing, kind, id);
    });
  }

  @Operates(of.remove)
  remove({ caller, parameters, precondition, once }: Input<typeof of.remove>): Promise<Answer<undefined>> {
    return this.writes.run(caller, once, async (writing) => {
      const id = parameters.organisation_id;
      precondition.ensure((await this.writes.find(writing, kind, id, reachOf(caller))).version);
      await this.writes.remove(writing, kind, id);
      return { body: undefined };
    });
  }

  @Operates(of.listMembers)
  async listMembers({ caller, parameters, page }: Input<typeof of.listMembers>): Promise<Answer<{ items: Member[] }>> {
    const { organisation_id: id } = parameters;
    await this.reads.read(kind, caller, id, reachOf(caller));
    const key = { tenantId: caller.tenant.id, organisationId: id };
    return memberPage(page, (range) => this.database.execute(listOrganisationMembers, { ...key, ...range }));
  }

  @Operates(of.setMember)
  setMember({ caller, parameters, body, once }: Input<typeof of.setMember>): Promise<Answer<Member>> {
    return this.writes.run(caller, once, async (writing) => {
      const { organisation_id: id, account_id: account } = parameters;
      const organisation = await this.writes.find(writing, kind, organisationId.parse(id), reachOf(caller));
      const name = String(organisation.object['name']);
      const { username } = await this.accounts.change(writing, caller, account, (stored) => {
        const before = accountIn(stored);
        const others = before.organisations.filter((one) => one.name !== name);
        return { ...before, organisations: [...others, { name, roles: body.roles }] };
      });
      return { body: showMember({ accountId: account, username, roles: [...new Set(body.roles)].sort() }) };
    });
  }

  /** The groups of the organisation go with the membership. */
  @Operates(of.removeMember)
  removeMember({ caller, parameters, once }: Input<typeof of.removeMember>): Promise<Answer<undefined>> {
    return this.writes.run(caller, once, async (writing) => {
      const { organisation_id: id, account_id: account } = parameters;
      const organisation = await this.writes.find(writing, kind, id, reachOf(caller));
      const name = String(organisation.object['name']);
      await this.accounts.change(writing, caller, account, (stored) => {
        const before = accountIn(stored);
        return {
          ...before,
          organisations: before.organisations.filter((one) => one.name !== name),
          groups: before.groups.filter((group) => !group.startsWith(`${name}/`)),
        };
      });
      return { body: undefined };
    });
  }
}
