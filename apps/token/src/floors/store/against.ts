/** SQL expressions; null where the row has no such thing. */
export interface Standing {
  readonly tenant: string;
  readonly since: string;
  readonly client: string;
  readonly account: string;
  readonly grant: string;
  /** Null for what outlives its session. */
  readonly session: string;
  readonly instance?: string;
}

/** In the order in which one of several floors is told of. */
export const deadByOrder = `array['tenant', 'client', 'account', 'grant', 'session', 'instance']`;

/** SQL: whether `floor`, which is of its kind and key, lies over it. */
export const floorReaches = ({ since, session }: Pick<Standing, 'since' | 'session'>) =>
  `(floor.at is null or (${since} <= floor.at
      and not coalesce(floor.spare_session_id = ${session} and ${since} > floor.spare_after, false)))`;

/**
 * SQL: the kinds of the floors that lie over a row, as `deadBy` of dead.ts decides it. For the statements that issue: there a floor
 * counts from its commit on. By lookups in the primary key, however many floors there are.
 */
export function floorsAgainst(standing: Standing): string {
  const { tenant, client, account, grant, session, instance } = standing;
  const keys = [
    `('tenant', '')`,
    `('client', ${client})`,
    `('account', (${account})::text)`,
    `('grant', (${grant})::text)`,
    `('session', (${session})::text)`,
    ...(instance === undefined ? [] : [`('instance', (${instance})::text)`]),
  ];
  return `select floor.kind from (values ${keys.join(', ')}) as held (kind, key)
    join floor on floor.tenant_id = ${tenant} and floor.kind = held.kind and floor.key = held.key
    where ${floorReaches(standing)}`;
}

/** SQL: whether a copy of the client with this version is older than what was committed. */
export function staleClient(tenant: string, client: string, version: string): string {
  return `exists (select from floor where floor.tenant_id = ${tenant} and floor.kind = 'client_version'
    and floor.key = ${client} and floor.version > ${version})`;
}
