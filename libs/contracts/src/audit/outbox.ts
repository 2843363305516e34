import { z } from 'zod';
import { eventId } from '../ids.js';
import { request } from '../request.js';
import { serviceNames, type ServiceName } from '../services.js';

const confirmation = (service: ServiceName) =>
  request(service, 'outbox', 'confirm', {
    request: z.strictObject({ ids: z.array(eventId).min(1).max(1_000) }),
    response: z.object({ confirmed: z.int().nonnegative() }),
  });

/** Audit tells each service which of its events are in the log for good; only then their outbox rows go. */
export const confirmOutbox = Object.fromEntries(serviceNames.map((name) => [name, confirmation(name)])) as Record<
  ServiceName,
  ReturnType<typeof confirmation>
>;

/** The reason of an event whose turn has not come; any other is that it is refused. */
export const eventWaits = 'waits';

const notTaken = z.strictObject({
  id: eventId,
  /** base64url of the SHA-256 of the bytes that came: what somebody else sent under the id sets nothing aside. */
  digest: z.base64url().length(43),
  reason: z.string().min(1).max(64),
});

const settingAside = (service: ServiceName) =>
  request(service, 'outbox', 'set-aside', {
    request: z.strictObject({ events: z.array(notTaken).min(1).max(500) }),
    response: z.object({
      setAside: z.int().nonnegative(),
      /** Of them, those that were set aside before for the same reason; absent from a service that does not tell. */
      known: z.array(eventId).max(500).optional(),
    }),
  });

/** Audit tells each service what of its outbox the log does not take, or not yet: kept, and sent again more rarely. */
export const setAsideInOutbox = Object.fromEntries(serviceNames.map((name) => [name, settingAside(name)])) as Record<
  ServiceName,
  ReturnType<typeof settingAside>
>;

/** An event that audit does not take. */
export type EventNotTaken = z.infer<typeof notTaken>;
