import {
  keyAlgorithmSchema,
  type KeyAlgorithm,
  type Micros,
  type RecordedEvent,
  type TenantId,
} from '@signet/contracts';
import { publicEncryptionJwkSchema, publicJwkSchema, type PublicEncryptionJwk, type PublicJwk } from '@signet/keys';
import { bytea, eventParameter, int8, micros, microsOf, nowMicros, statement, timestampOf } from '@signet/persistence';
import { z } from 'zod';

/** A key as the table has it, less its private half. */
export interface StoredKey {
  readonly tenantId: string;
  readonly kid: string;
  readonly alg: KeyAlgorithm;
  /** Counts the keys of a tenant and algorithm. */
  readonly generation: number;
  readonly createdAt: Micros;
  /** From then on it is used; before, it is published alone. */
  readonly usedFrom: Micros;
  readonly publicJwk: PublicJwk | PublicEncryptionJwk;
}

/** What a private key is sealed for: its tenant, table (by its first name), column and row. */
export const privateKeyContext = (tenantId: string, kid: string): readonly string[] => [
  tenantId,
  'signing_key',
  'private',
  kid,
];

const row = z
  .object({
    tenant_id: z.string(),
    kid: z.string(),
    alg: keyAlgorithmSchema,
    generation: int8,
    public_jwk: z.union([publicJwkSchema, publicEncryptionJwkSchema]),
    created_at: micros,
    used_from: micros,
  })
  .transform((r): StoredKey => ({
    tenantId: r.tenant_id,
    kid: r.kid,
    alg: r.alg,
    generation: r.generation,
    publicJwk: r.public_jwk,
    createdAt: r.created_at,
    usedFrom: r.used_from,
  }));

interface KeyRead {
  readonly now: Micros;
  readonly key: StoredKey | undefined;
}

/** Keys made at or after `since`, with Postgres' time, which comes back even where there are none. */
export const readKeys = statement<{ readonly since: Micros | undefined }, KeyRead>({
  name: 'token.key.read',
  text: `select ${nowMicros} as now, k.tenant_id, k.kid, k.alg, k.generation, k.public_jwk,
      ${microsOf('k.created_at')} as created_at, ${microsOf('k.used_from')} as used_from
    from (values (1)) as one left join tenant_key k
      on k.created_at >= coalesce(${timestampOf('$1')}, timestamptz 'epoch')`,
  parameters: ({ since }) => [since ?? null],
  row: z
    .object({ now: micros, kid: z.string().nullable() })
    .loose()
    .transform((r): KeyRead => ({ now: r.now, key: r.kid === null ? undefined : row.parse(r) })),
});

/** The private half, sealed for its row. */
export const readPrivateKey = statement<Pick<StoredKey, 'tenantId' | 'kid'>, Uint8Array>({
  name: 'token.key.read-private',
  text: 'select private from tenant_key where tenant_id = $1 and kid = $2',
  parameters: (p) => [p.tenantId, p.kid],
  row: z.object({ private: bytea }).transform((r) => r.private),
});

interface NewKey extends Omit<StoredKey, 'createdAt' | 'usedFrom'> {
  readonly tenantId: TenantId;
  /** Sealed for its row. */
  readonly privateKey: Uint8Array;
  /** Seconds for which it is published before it is used. */
  readonly publishedAhead: number;
  readonly event: RecordedEvent;
}

/** Keeps a key and records it. No row: another replica has made this generation, and its key counts. */
export const createKey = statement<NewKey, Pick<StoredKey, 'createdAt' | 'usedFrom'>>({
  name: 'token.key.create',
  text: `insert into tenant_key (tenant_id, kid, alg, generation, public_jwk, private, created_at, used_from)
    select $1, $2, $3, $4, $5, $6, now, now + $7::bigint * interval '1 second' from clock_timestamp() as now
    on conflict (tenant_id, alg, generation) do nothing
    returning ${microsOf('created_at')} as "createdAt", ${microsOf('used_from')} as "usedFrom", record_event($8::jsonb, 1)`,
  parameters: (p) => [
    p.tenantId,
    p.kid,
    p.alg,
    p.generation,
    JSON.stringify(p.publicJwk),
    p.privateKey,
    p.publishedAhead,
    eventParameter(p.event),
  ],
  row: z.object({ createdAt: micros, usedFrom: micros }),
  records: true,
});
