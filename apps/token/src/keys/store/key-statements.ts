import type { Micros, RecordedEvent, TenantId } from '@signet/contracts';
import { publicJwkSchema, type PublicJwk } from '@signet/keys';
import { bytea, eventParameter, int8, micros, microsOf, nowMicros, statement, timestampOf } from '@signet/persistence';
import { signingAlgorithmSchema, type SigningAlgorithm } from '@signet/protocol';
import { z } from 'zod';

/** A key as the table has it; `privateKey` is sealed for its row. */
export interface StoredKey {
  readonly tenantId: string;
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  /** Counts the keys of a tenant and algorithm; the highest signs. */
  readonly generation: number;
  readonly publicJwk: PublicJwk;
  readonly privateKey: Uint8Array;
}

/** What a private key is sealed for: its tenant, table, column and row. */
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
    alg: signingAlgorithmSchema,
    generation: int8,
    public_jwk: publicJwkSchema,
    private: bytea,
  })
  .transform((r): StoredKey => ({
    tenantId: r.tenant_id,
    kid: r.kid,
    alg: r.alg,
    generation: r.generation,
    publicJwk: r.public_jwk,
    privateKey: r.private,
  }));

interface KeyRead {
  readonly now: Micros;
  readonly key: StoredKey | undefined;
}

/** Keys made at or after `since`, with Postgres' time, which comes back even where there are none. */
export const readKeys = statement<{ readonly since: Micros | undefined }, KeyRead>({
  name: 'token.key.read',
  text: `select ${nowMicros} as now, k.tenant_id, k.kid, k.alg, k.generation, k.public_jwk, k.private
    from (values (1)) as one left join signing_key k
      on k.created_at >= coalesce(${timestampOf('$1')}, timestamptz 'epoch')`,
  parameters: ({ since }) => [since ?? null],
  row: z
    .object({ now: micros, kid: z.string().nullable() })
    .loose()
    .transform((r): KeyRead => ({ now: r.now, key: r.kid === null ? undefined : row.parse(r) })),
});

interface NewKey extends StoredKey {
  readonly tenantId: TenantId;
  readonly event: RecordedEvent;
}

/** Keeps a key and records it. No row: another replica has made this generation, and its key counts. */
export const createKey = statement<NewKey, { readonly createdAt: Micros }>({
  name: 'token.key.create',
  text: `insert into signing_key (tenant_id, kid, alg, generation, public_jwk, private) values ($1, $2, $3, $4, $5, $6)
    on conflict (tenant_id, alg, generation) do nothing
    returning ${microsOf('created_at')} as "createdAt", record_event($7::jsonb, 1)`,
  parameters: (p) => [
    p.tenantId,
    p.kid,
    p.alg,
    p.generation,
    JSON.stringify(p.publicJwk),
    p.privateKey,
    eventParameter(p.event),
  ],
  row: z.object({ createdAt: micros }),
  records: true,
});
