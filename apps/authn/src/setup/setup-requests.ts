import { Controller } from '@nestjs/common';
import { eventId, newId, openSetup, setupCodeLifetime, setupOpened } from '@signet/contracts';
import { MeshError, Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { EventFactory } from '@signet/service';
import type { z } from 'zod';
import { FirstAdministrator } from './first-administrator.js';
import { openSetupCode } from './store/setup-statements.js';

/** What the operator asks for; the code itself stays with them. */
@Controller()
export class SetupRequests {
  constructor(
    private readonly database: Database,
    private readonly events: EventFactory,
    private readonly first: FirstAdministrator,
  ) {}

  @Serves(openSetup)
  async open({
    tenantId,
    hash,
    unlessOpen,
  }: z.output<typeof openSetup.request>): Promise<z.input<typeof openSetup.response>> {
    if (await this.first.exists(tenantId)) return { outcome: 'administered' };
    const id = newId(eventId);
    const lifetime = setupCodeLifetime;
    const opened = this.events.make(setupOpened, {
      ...{ tenantId, aggregate: id, context: { actor: 'operator:setup' }, data: { lifetime } },
    });
    const made = await this.database.first(openSetupCode, { tenantId, id, hash, lifetime, unlessOpen, opened });
    if (made) return { outcome: 'opened', ...made };
    const standing = await this.first.find(tenantId);
    if (!standing) throw new MeshError('unavailable', 'the set-up code was neither made nor was there one');
    return { outcome: 'standing', expiresAt: standing.expiresAt };
  }
}
