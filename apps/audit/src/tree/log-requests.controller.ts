import { Controller } from '@nestjs/common';
import { eventsRead, findLogKey, proveEntry, type TenantId } from '@signet/contracts';
import { MeshError, Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { EventFactory } from '@signet/service';
import { formatNoteKey } from '@signet/tlog';
import type { z } from 'zod';
import { proofText, proveEvent } from './entry-proof.js';
import { publicLogKey } from './log-keys.js';
import { TreeReader } from './tree-reader.js';

/** What the operator asks of the log. */
@Controller()
export class LogRequestsController {
  constructor(
    private readonly reader: TreeReader,
    private readonly database: Database,
    private readonly events: EventFactory,
  ) {}

  @Serves(findLogKey)
  async key({ tenantId }: z.output<typeof findLogKey.request>): Promise<z.input<typeof findLogKey.response>> {
    const tree = await this.reader.signed(tenantId);
    if (!tree) throw new MeshError('not_found', 'the log has no checkpoint yet');
    return { origin: tree.origin, key: formatNoteKey(publicLogKey(tree.origin, tree.publicKey)) };
  }

  @Serves(proveEntry)
  async prove({ tenantId, id }: z.output<typeof proveEntry.request>): Promise<z.input<typeof proveEntry.response>> {
    const proved = await proveEvent(this.reader, tenantId, id);
    if ('proof' in proved) {
      await this.#record(tenantId, id);
      return { proof: proofText(proved) };
    }
    if (proved.fault === 'not_found') throw new MeshError('not_found', 'no such event is in the log');
    throw new MeshError('failed_precondition', 'no checkpoint covers the event yet: ask again in a second');
  }

  /** A proof shows its event, and to read the log is an event of the log. */
  async #record(tenantId: TenantId, id: string): Promise<void> {
    const data = { filters: { id }, count: 1, personalParts: false };
    const context = { actor: 'operator:audit-prove' } as const;
    await this.database.record(this.events.make(eventsRead, { tenantId, context, data }));
  }
}
