import { z } from 'zod';
import { clean, text } from '../text.js';

/** Who acts, as an event names it. */
export const actor = z.string().regex(/^(?:anonymous|(?:account|client|service|operator):.{1,255})$/su);
export type Actor = z.infer<typeof actor>;

/** Where a request came from; personal, so never part of a leaf. */
export const network = z.strictObject({ ip: text(45), userAgent: text(300) });
export type Network = z.infer<typeof network>;

/** What an event tells of the request behind it; travels with requests whose receiver records the event. */
export const eventContext = z.strictObject({ actor, onBehalfOf: actor.optional(), network: network.optional() });
export type EventContext = z.infer<typeof eventContext>;

export function networkOf(ip: string, userAgent: string | undefined): Network {
  return { ip: clean(ip, 45), userAgent: clean(userAgent ?? '', 300) };
}
