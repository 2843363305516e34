import type { DeadBy, FloorKind, Micros } from '@signet/contracts';

/** A floor as it is held against something. Which members it has, its kind says. */
export interface StandingFloor {
  /** Of account, grant, client and tenant floors. */
  readonly at?: Micros | undefined;
  /** Of an account floor: the session whose online instances live on if they began after `after`. */
  readonly spare?: { readonly sessionId: string; readonly after: Micros } | undefined;
  /** Of version floors: what is older may not be used. */
  readonly version?: number | undefined;
}

/** The floor of this tenant, kind and key, if one stands. */
export type FloorLookup = (tenantId: string, kind: FloorKind, key: string) => StandingFloor | undefined;

/** What a token, a code or a family rests on. `session` is there for online ones alone: the others outlive it. */
export interface Standing {
  readonly tenantId: string;
  readonly clientId: string;
  readonly since: Micros;
  readonly jti?: string | undefined;
  readonly instance?: string | undefined;
  readonly grant?: string | undefined;
  readonly session?: string | undefined;
  readonly account?: string | undefined;
}

/** Of the tenant itself; it has no id beside the tenant's. */
export const tenantKey = '';

/** Which floors are held against it, by kind and key. */
export function keysOf(standing: Standing): readonly (readonly [kind: DeadBy, key: string])[] {
  const keys: readonly (readonly [DeadBy, string | undefined])[] = [
    ['token', standing.jti],
    ['instance', standing.instance],
    ['session', standing.session],
    ['grant', standing.grant],
    ['account', standing.account],
    ['client', standing.clientId],
    ['tenant', tenantKey],
  ];
  return keys.filter((entry): entry is readonly [DeadBy, string] => entry[1] !== undefined);
}

/** Design section 5.1: dead is `since <= at`, in microseconds; a floor without a time is dead for good. */
function reaches(floor: StandingFloor, standing: Standing): boolean {
  if (floor.at === undefined) return true;
  if (standing.since > floor.at) return false;
  const { spare } = floor;
  const spared = spare !== undefined && standing.session === spare.sessionId && standing.since > spare.after;
  return !spared;
}

/** The kind of a floor that what rests on `standing` lies under, or undefined: it lives. Does not look at any expiry. */
export function deadBy(standing: Standing, lookup: FloorLookup): DeadBy | undefined {
  for (const [kind, key] of keysOf(standing)) {
    const floor = lookup(standing.tenantId, kind, key);
    if (floor !== undefined && reaches(floor, standing)) return kind;
  }
  return undefined;
}
