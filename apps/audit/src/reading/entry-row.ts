import { logEntry, type LogEntry } from '@signet/contracts';
import { bytea, int8 } from '@signet/persistence';
import { z } from 'zod';

export const entryRow = z.object({
  ordinal: int8,
  tenantId: logEntry.shape.tenantId,
  index: int8,
  id: logEntry.shape.id,
  subject: z.string(),
  leaf: bytea,
  personal: bytea.nullable(),
  personalSubject: z.string().nullable(),
});
export type EntryRow = z.infer<typeof entryRow>;

export const entryColumns = `ordinal, entry.tenant_id as "tenantId", index, id, subject, leaf, personal,
  personal_subject as "personalSubject"`;

export const shown = ({ ordinal, tenantId, index, id, subject, leaf }: EntryRow): LogEntry => ({
  ...{ ordinal, tenantId, index, id, subject },
  leaf: Buffer.from(leaf).toString('base64url'),
});

/** Bytes: below what a message may have (messaging's maxPayload), with room for what is around the entries. */
const mostBytes = 400_000;

/** As many of them, from the first, as one message takes; one at least. */
export function fitting<T>(entries: readonly T[]): T[] {
  let bytes = 0;
  const end = entries.findIndex((entry, place) => {
    bytes += Buffer.byteLength(JSON.stringify(entry)) + 1;
    return bytes > mostBytes && place > 0;
  });
  return entries.slice(0, end < 0 ? undefined : end);
}
