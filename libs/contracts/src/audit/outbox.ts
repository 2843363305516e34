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
