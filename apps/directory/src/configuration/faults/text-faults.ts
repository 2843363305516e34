import { text } from '@signet/contracts';
import type { Fault } from './fault.js';

/** The longest of all: a redirect URI. */
const wellFormed = text(2_048);

/** Every text below `value` that Postgres, JSON or a log could not hold. The form of URLs alone does not exclude it. */
export function textFaults(value: unknown, path: Fault['path'] = []): Fault[] {
  if (typeof value === 'string') {
    const parsed = wellFormed.safeParse(value);
    return parsed.success
      ? []
      : [{ path, message: 'must be well-formed text of at most 2048 characters, without NUL' }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => textFaults(member, [...path, key]));
}
