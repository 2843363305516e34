import { reaching } from '../per-service.js';

export const databaseReached = reaching(
  'database.reached',
  'each service comes into its database as its own user',
  (examined, service) => examined.database(service),
  { none: 'Set DATABASE_URL_<SERVICE>, or DATABASE_URL', described: ({ user }) => `as ${user}` },
);
