import { declaredKind, planId, tenantId, type DeclaredKind, type PlanId, type TenantId } from '@signet/contracts';
import { statement, type Statement } from '@signet/persistence';
import { z } from 'zod';
import { storedKinds } from './stored-kinds.js';

export interface StoredObject {
  readonly key: string;
  readonly name: string;
  readonly id: string;
  readonly object: Readonly<Record<string, unknown>>;
  readonly secrets: string | null;
  readonly version: number;
  readonly changedAt: string;
  /** The plan that last declared it, and the version that it had then. */
  readonly declared: { readonly planId: PlanId; readonly version: number; readonly appliedAt: string } | null;
}

const object = z.record(z.string(), z.unknown());
/** SQL: RFC 3339, UTC, milliseconds. */
const rfc3339 = (timestamp: string) => `to_char(${timestamp} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const perKind = <S>(make: (kind: DeclaredKind) => S): Readonly<Record<DeclaredKind, S>> =>
  Object.fromEntries(declaredKind.options.map((kind) => [kind, make(kind)])) as Record<DeclaredKind, S>;

interface Named {
  readonly tenantId: TenantId;
  readonly keys: readonly string[];
}

/** SQL: what of a plan is known of the object `held`. */
const declaredOf = (kind: string, id: string) => ({
  column: `case when declared.plan_id is not null then jsonb_build_object(
      'planId', declared.plan_id, 'version', declared.version, 'appliedAt', ${rfc3339('declared.applied_at')}) end as declared`,
  join: (tenant: string) =>
    `left join declared_object declared on declared.tenant_id = ${tenant} and declared.kind = '${kind}' and declared.id = ${id}`,
});

const storedRow = z.object({
  ...{ key: z.string(), name: z.string(), id: z.string(), object, secrets: z.string().nullable() },
  version: z.int().positive(),
  changedAt: z.iso.datetime(),
  declared: z.object({ planId, version: z.int().positive(), appliedAt: z.iso.datetime() }).nullable(),
});

const ofTenant = declaredOf('tenant', 'held.id::text');
export const findStoredTenant = statement<{ slug: string }, StoredObject & { tenantId: TenantId }>({
  name: 'directory.stored.tenant.find',
  text: `select held.slug as key, held.slug as name, held.id as "tenantId", held.id::text as id, null as secrets, held.version,
      jsonb_build_object('slug', slug, 'issuer', issuer, 'name', name, 'enabled', enabled, 'policies', policies, 'branding', branding, 'attributes', attributes) as object,
      ${rfc3339('held.updated_at')} as "changedAt", ${ofTenant.column}
    from tenant held ${ofTenant.join('held.id')} where held.slug = $1`,
  parameters: ({ slug }) => [slug],
  row: storedRow.extend({ tenantId }),
});

/** Those that a configuration names, or that it would delete. */
export const findStored = perKind((kind): Statement<Named, StoredObject> => {
  const held = storedKinds[kind];
  const declared = declaredOf(held.kind, held.id);
  return statement({
    name: `directory.stored.${held.kind}.find`,
    text: `select ${held.key} as key, ${held.name} as name, ${held.id} as id, ${held.object} as object, ${held.secrets ?? 'null'} as secrets,
        held.version, ${rfc3339('held.updated_at')} as "changedAt", ${declared.column}
      from ${held.from} ${declared.join('held.tenant_id')}
      where held.tenant_id = $1 and ${held.key} = any($2::text[])`,
    parameters: (p) => [p.tenantId, p.keys],
    row: storedRow,
  });
});

/** In the order of the key's index, which is the same for every page. */
export const pageStored = perKind(
  (
    kind,
  ): Statement<
    { tenantId: TenantId; after: string | undefined; limit: number },
    { key: string; object: Readonly<Record<string, unknown>> }
  > => {
    const held = storedKinds[kind];
    return statement({
      name: `directory.stored.${held.kind}.page`,
      text: `select ${held.key} as key, ${held.object} as object from ${held.from}
      where held.tenant_id = $1 and ($2::text is null or ${held.key} > $2) and ${held.declarable} order by ${held.key} limit $3`,
      parameters: (p) => [p.tenantId, p.after ?? null, p.limit],
      row: z.object({ key: z.string(), object }),
    });
  },
);

export const countOthers = perKind(
  (kind): Statement<Named, { count: number; declaredBefore: number; beyond: number }> => {
    const held = storedKinds[kind];
    return statement({
      name: `directory.stored.${held.kind}.count-others`,
      text: `select count(*) filter (where ${held.declarable})::int as count,
          count(declared.id) filter (where ${held.declarable})::int as "declaredBefore",
          count(*) filter (where (${held.declarable}) is not true)::int as beyond
        from ${held.from} ${declaredOf(held.kind, held.id).join('held.tenant_id')}
        where held.tenant_id = $1 and ${held.key} <> all($2::text[])`,
      parameters: (p) => [p.tenantId, p.keys],
      row: z.object({ count: z.int(), declaredBefore: z.int(), beyond: z.int() }),
    });
  },
);
