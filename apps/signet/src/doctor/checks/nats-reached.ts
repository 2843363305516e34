import { reaching } from '../per-service.js';

export const natsReached = reaching(
  'nats.reached',
  'each service comes into NATS as its own user, and the server is 2.10 or later',
  (examined, service) => examined.nats(service),
  { none: 'Set NATS_URL_<SERVICE>, or NATS_URL', described: ({ version }) => `nats-server ${version}` },
);
