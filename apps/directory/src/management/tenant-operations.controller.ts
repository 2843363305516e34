import {
  declareTenant,
  issuerOf,
  standardScopes,
  tenantId,
  tenantOperations,
  type DeclaredTenant,
  type shownTenant,
  type TenantObject,
} from '@signet/contracts';
import {
  ManagementProblem,
  Operates,
  Operations,
  ServiceConfiguration,
  type Answer,
  type Input,
} from '@signet/service';
import type { z } from 'zod';
import { DirectoryWrites } from './directory-writes.js';
import { made, ObjectReads, written } from './object-reads.js';
import { writableOf } from './shown-objects.js';
import { TenantCreation } from './tenant-creation.js';
import { ensureSame } from './write-faults.js';

type Shown = z.output<typeof shownTenant>;
const kind = 'tenants';
const of = tenantOperations;

/** `/admin/v1/tenants`: the plane's, for whom the default tenant lets. */
@Operations()
export class TenantOperations {
  constructor(
    private readonly reads: ObjectReads,
    private readonly writes: DirectoryWrites,
    private readonly creation: TenantCreation,
    private readonly configuration: ServiceConfiguration,
  ) {}

  @Operates(of.list)
  list({ caller, page, query }: Input<typeof of.list>): Promise<Answer<{ items: Shown[] }>> {
    return this.reads.list(kind, caller, page, { slug: query.slug });
  }

  @Operates(of.read)
  read({ caller, parameters }: Input<typeof of.read>): Promise<Answer<Shown>> {
    return this.reads.read(kind, caller, parameters.tenant_id);
  }

  @Operates(of.create)
  create({ caller, body, once }: Input<typeof of.create>): Promise<Answer<Shown>> {
    this.#ensureMeantOpen(body);
    const declared = declareTenant(body, body.issuer ?? issuerOf(this.configuration.issuer, body.slug));
    return this.writes.run(caller, once, async (writing) => {
      await this.creation.create(writing, { ...declared, scopes: standardScopes });
      return made(writing, kind, { slug: body.slug });
    });
  }

  @Operates(of.update)
  update(input: Input<typeof of.update>): Promise<Answer<Shown>> {
    const { caller, parameters, precondition, patched, once } = input;
    const id = tenantId.parse(parameters.tenant_id);
    return this.writes.run(
      caller,
      once,
      async (writing) => {
        const before = await this.writes.find(writing, kind, id);
        precondition.ensure(before.version);
        const known = writableOf(kind, before.object) as TenantObject;
        const tenant = patched(known);
        ensureSame(known.slug, tenant.slug, 'slug');
        ensureSame(known.issuer, tenant.issuer, 'issuer');
        this.#ensureMeantOpen(tenant);
        await this.writes.declare(writing, ownMembers(declareTenant(tenant, known.issuer ?? '')), () => undefined);
        return written(writing, kind, id);
      },
      id,
    );
  }

  /** As for a file: in production mode nobody lets everybody register clients by one word. */
  #ensureMeantOpen({ registration }: TenantObject): void {
    const isMeant = registration.mode !== 'open' || registration.open_to_everybody;
    if (isMeant || this.configuration.mode !== 'production') return;
    throw new ManagementProblem('invalid-object', 'The object is not valid', {
      errors: [{ pointer: '/registration/mode', detail: 'in production mode, say open_to_everybody: true beside it' }],
    });
  }
}

const ownMembers = ({ name, enabled, policies, branding, attributes }: DeclaredTenant) => ({
  ...{ name, enabled, policies, branding, attributes },
});
