import { floor } from '@signet/contracts';
import { int8, micros, microsOf } from '@signet/persistence';
import { z } from 'zod';
import type { FloorRow } from '../floor-index.js';

export const floorKind = z.enum(floor.options.map((option) => option.shape.kind.value));

/** The columns of table `f` as `floorRow` reads them. */
export const floorColumns = `f.tenant_id, f.kind, f.key, f.version, f.spare_session_id,
  ${microsOf('f.at')} as at, ${microsOf('f.spare_after')} as spare_after, ${microsOf('f.changed_at')} as changed_at`;

export const floorRow = z
  .object({
    tenant_id: z.string(),
    kind: floorKind,
    key: z.string(),
    version: int8.nullable(),
    spare_session_id: z.string().nullable(),
    at: micros.nullable(),
    spare_after: micros.nullable(),
    changed_at: micros,
  })
  .transform((r): FloorRow => ({
    tenantId: r.tenant_id,
    kind: r.kind,
    key: r.key,
    changedAt: r.changed_at,
    ...(r.at !== null && { at: r.at }),
    ...(r.version !== null && { version: r.version }),
    ...(r.spare_session_id !== null &&
      r.spare_after !== null && { spare: { sessionId: r.spare_session_id, after: r.spare_after } }),
  }));
