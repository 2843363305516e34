import {
  keyAlgorithmSchema,
  micros as instant,
  tenantId,
  type KeyAlgorithm,
  type Micros,
  type RecordedEvent,
  type TenantId,
} from '@signet/contracts';
import { publicEncryptionJwkSchema, publicJwkSchema, type PublicEncryptionJwk, type PublicJwk } from '@signet/keys';
import { bytea, eventParameter, micros, microsOf, nowMicros, statement, timestampOf } from '@signet/persistence';
import { z } from 'zod';

/** A key as the table has it, less its private half. */
export interface StoredKey {
  readonly tenantId: TenantId;
  readonly kid: string;
  readonly alg: KeyAlgorithm;
  /** Counts the keys of a tenant and algorithm. */
  readonly generation: number;
  readonly createdAt: Micros;
  /** From then on it is used; before, it is published alone. */
  readonly usedFrom: Micros;
  readonly publicJwk: PublicJwk | PublicEncryptionJwk;
  /** Since then nobody uses it, and what it signed is good for nothing. */
  readonly compromisedAt?: Micros | undefined;
}

/** What a private key is sealed for: its tenant, table (by its first name), column and row. */
export const privateKeyContext = (tenantId: string, kid: string): readonly string[] => [
  tenantId,
  'signing_key',
  'private',
  kid,
];

const keysOfTenant = z.array(
  z.object({
    kid: z.string(),
    alg: keyAlgorithmSchema,
    generation: z.int(),
    publicJwk: z.union([publicJwkSchema, publicEncryptionJwkSchema]),
    createdAt: instant,
    usedFrom: instant,
  }),
);

/** Keys of one tenant. They are read when somebody asks: a process begins with those of every tenant, and most wait long for their first use. */
export interface ReadKeys {
  readonly tenantId: TenantId;
  readonly kids: readonly string[];
  keys(): StoredKey[];
}

interface KeysRead {
  readonly now: Micros;
  readonly read: ReadKeys | undefined;
}

/** Keys made at or after `since`, by tenant, with Postgres' time, which comes back even where there are none. */
export const readKeys = statement<{ readonly since: Micros | undefined }, KeysRead>({
  name: 'token.key.read',
  text: `select ${nowMicros} as now, k.tenant_id, k.kids, k.keys from (values (1)) as one left join (
      select tenant_id, array_agg(kid) as kids, jsonb_agg(jsonb_build_object('kid', kid, 'alg', alg, 'generation', generation,
        'publicJwk', public_jwk, 'createdAt', ${microsOf('created_at')}, 'usedFrom', ${microsOf('used_from')}))::text as keys
      from tenant_key where created_at >= coalesce(${timestampOf('$1')}, timestamptz 'epoch')
      group by tenant_id
    ) k on true`,
  parameters: ({ since }) => [since ?? null],
  row: z
    .object({
      now: micros,
      tenant_id: tenantId.nullable(),
      kids: z.array(z.string()).nullable(),
      keys: z.string().nullable(),
    })
    .transform(({ now, tenant_id: owner, kids, keys }): KeysRead => {
      if (owner === null || kids === null || keys === null) return { now, read: undefined };
      const parsed = () => keysOfTenant.parse(JSON.parse(keys)).map((key) => ({ tenantId: owner, ...key }));
      return { now, read: { tenantId: owner, kids, keys: parsed } };
    }),
});

/** Few, however long an installation runs. */
export const readCompromised = statement<undefined, { readonly kid: string; readonly at: Micros }>({
  name: 'token.key.read-compromised',
  text: `select kid, ${microsOf('compromised_at')} as at from tenant_key where compromised_at is not null`,
  parameters: () => [],
  row: z.object({ kid: z.string(), at: micros }),
});

/** Takes a key out of use for good, erases its private half, and records it. No row: somebody else has. */
export const compromiseKey = statement<
  Pick<StoredKey, 'tenantId' | 'kid'> & { readonly event: RecordedEvent },
  { readonly at: Micros }
>({
  name: 'token.key.compromise',
  text: `update tenant_key set compromised_at = clock_timestamp(), private = null
    where tenant_id = $1 and kid = $2 and compromised_at is null
    returning ${microsOf('compromised_at')} as at, record_event($3::jsonb, 2)`,
  parameters: (p) => [p.tenantId, p.kid, eventParameter(p.event)],
  row: z.object({ at: micros }),
  records: true,
});

/** The private half, sealed for its row; null of a compromised key. */
export const readPrivateKey = statement<Pick<StoredKey, 'tenantId' | 'kid'>, Uint8Array | null>({
  name: 'token.key.read-private',
  text: 'select private from tenant_key where tenant_id = $1 and kid = $2',
  parameters: (p) => [p.tenantId, p.kid],
  row: z.object({ private: bytea.nullable() }).transform((r) => r.private),
});

interface NewKey extends Omit<StoredKey, 'createdAt' | 'usedFrom'> {
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
