import type { Micros } from '@signet/contracts';
import type { StoredKey } from './store/key-statements.js';

type Scheduled = Pick<StoredKey, 'generation' | 'createdAt' | 'usedFrom' | 'compromisedAt'>;

/** Seconds for which /jwks may be kept. Who meets an unknown kid reads anew whatever this says. */
export const jwksMaxAge = 300;

/** Seconds for which a key is published before it is used: twice what /jwks may be kept for. */
export const publishedAhead = 2 * jwksMaxAge;

/** Seconds for which a key is published after another has replaced it: longer than the longest access or ID token lives. */
const publishedBehind = 7_200;

/**
 * The key that is used now, of one tenant and algorithm: the newest whose time has come. Before the first one's has, by a clock
 * that is a little behind Postgres', it is the first one. What was there before a compromised key does not come back.
 */
export function keyInUse<K extends Scheduled>(keys: readonly K[], now: Micros): K | undefined {
  const beyond = Math.max(0, ...keys.flatMap((key) => (key.compromisedAt === undefined ? [] : [key.generation])));
  const byGeneration = keys.filter(({ generation }) => generation > beyond).sort((a, b) => b.generation - a.generation);
  return byGeneration.find(({ usedFrom }) => usedFrom <= now) ?? byGeneration.at(-1);
}

/** Whether somebody may still meet what this key did, or will do: it belongs into /jwks. */
export function isPublished(key: Scheduled, keys: readonly Scheduled[], now: Micros): boolean {
  if (key.compromisedAt !== undefined) return false;
  const replacedAt = Math.min(
    ...keys.filter(({ generation }) => generation > key.generation).map(({ usedFrom }) => usedFrom),
  );
  return now < replacedAt + publishedBehind * 1_000_000;
}

/** When it leaves /jwks, as far as that is known. Microseconds. */
export function publishedUntil(key: Scheduled, keys: readonly Scheduled[]): Micros | undefined {
  const newer = keys.filter(({ generation }) => generation > key.generation);
  if (newer.length === 0) return undefined;
  return (Math.min(...newer.map(({ usedFrom }) => usedFrom)) + publishedBehind * 1_000_000) as Micros;
}

/** When the policy has this one be replaced, if it is the newest. `every`: seconds. */
export const dueAt = ({ createdAt }: Pick<Scheduled, 'createdAt'>, every: number): Micros =>
  (createdAt + every * 1_000_000) as Micros;

/** Whether the newest key is older than the policy allows; one that waits for its time is new. `every`: seconds. */
export function isDue(keys: readonly Scheduled[], every: number, now: Micros): boolean {
  return keys.length > 0 && keys.every((key) => now >= dueAt(key, every));
}
