import { z } from 'zod';
import { defineEvent } from '../events/definition.js';
import { operation, refusalSummary } from '../events/fields.js';
import { serviceNames, type ServiceName } from '../services.js';

const eventsOf = (service: ServiceName) => ({
  refused: defineEvent(service, 'management-call', 'refused', {
    occurs: 'a call of the Management API was refused: no valid token, or not enough scope or permission',
    outcome: 'failure',
    class: 'administration',
    data: z.object({ operation }),
  }),
  summarised: defineEvent(service, 'management-call', 'refusals-summarised', {
    occurs: 'a minute with more than ten refused calls of one reason from one network has passed',
    outcome: 'failure',
    class: 'administration',
    data: refusalSummary,
  }),
});

/** By the service that was called. */
export const managementEvents = Object.fromEntries(serviceNames.map((name) => [name, eventsOf(name)])) as Readonly<
  Record<ServiceName, ReturnType<typeof eventsOf>>
>;
