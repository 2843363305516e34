import {
  eventId,
  newId,
  plusSeconds,
  tenantId,
  type AccountId,
  type Floor,
  type GrantId,
  type SessionId,
  type TenantId,
} from '@signet/contracts';
import { Database } from '@signet/persistence';
import { operatorEvents } from '@signet/service';
import { Revocations } from './revocations.js';
import { FloorStore } from './store/floor-store.js';
import { isKnownTenant, knownTenants, somethingRests } from './store/known-to-token.js';

/** What an operator ends. */
export type Revocation =
  | { readonly kind: 'account'; readonly id: AccountId }
  | { readonly kind: 'session'; readonly id: SessionId }
  | { readonly kind: 'grant'; readonly id: GrantId }
  | { readonly kind: 'client'; readonly id: string }
  | { readonly kind: 'tenant' };

export type RevocationOutcome =
  /**
   * `rests`: whether token knew anything that ended so; where not, the id may be a wrong one. Undefined where that could not be
   * looked up: the revocation stands all the same. Not asked of tenants.
   */
  | { readonly outcome: 'revoked'; readonly tenantId: TenantId; readonly rests: boolean | undefined }
  | { readonly outcome: 'unknown_tenant' }
  /** None was named, and token knows none or several. */
  | { readonly outcome: 'which_tenant' };

/** Seconds. Longer than any session: how long this one lives, its own service knows. */
const sessionsEnd = 315_360_000;

/**
 * Raises a floor with nothing but token's database: what token does when another service asks it, with the event in its outbox,
 * which token sends on when it is there. Resolves when every replica that reads its table will see it. The schema must be there.
 */
export async function revokeAtDatabase(
  at: { readonly url: string; readonly allowUnsafeDurability: boolean },
  asked: { readonly tenantId: TenantId | undefined; readonly revocation: Revocation; readonly reason: string },
): Promise<RevocationOutcome> {
  const database = await Database.open({ ...at, service: 'token', poolSize: 1, background: false });
  try {
    const tenant = asked.tenantId ?? (await onlyTenant(database));
    if (tenant === undefined) return { outcome: 'which_tenant' };
    if ((await database.first(isKnownTenant, { tenantId: tenant })) !== true) return { outcome: 'unknown_tenant' };
    const floor = floorOf(
      asked.revocation,
      { raiseId: newId(eventId), tenantId: tenant, reason: asked.reason },
      database,
    );
    await revocationsOn(database).raise([floor], { actor: 'operator:signet' });
    return {
      outcome: 'revoked',
      tenantId: tenant,
      rests: await rests(database, tenant, asked.revocation).catch(() => undefined),
    };
  } finally {
    await database.close();
  }
}

async function onlyTenant(database: Database): Promise<TenantId | undefined> {
  const [first, ...others] = await database.execute(knownTenants, { limit: 2 });
  return first === undefined || others.length > 0 ? undefined : tenantId.parse(first);
}

function revocationsOn(database: Database): Revocations {
  return new Revocations({
    store: new FloorStore(database),
    events: operatorEvents(database),
    floors: { apply: () => undefined },
  });
}

function floorOf(
  revocation: Revocation,
  base: Pick<Floor, 'raiseId' | 'tenantId' | 'reason'>,
  { clock }: Pick<Database, 'clock'>,
): Floor {
  switch (revocation.kind) {
    case 'account':
      return { ...base, kind: 'account', accountId: revocation.id };
    case 'session':
      return { ...base, kind: 'session', sessionId: revocation.id, expiresAt: plusSeconds(clock.now(), sessionsEnd) };
    case 'grant':
      return { ...base, kind: 'grant', grantId: revocation.id };
    case 'client':
      return { ...base, kind: 'client', clientId: revocation.id };
    case 'tenant':
      return { ...base, kind: 'tenant' };
  }
}

async function rests(database: Database, tenant: TenantId, revocation: Revocation): Promise<boolean> {
  if (revocation.kind === 'tenant') return true;
  return (await database.first(somethingRests, { tenantId: tenant, ...revocation })) === true;
}
