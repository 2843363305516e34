import { randomBytes } from 'node:crypto';
import path from 'node:path';

import { readIfThere, writePrivate } from '../private-file.mjs';

export const services = ['authn', 'token', 'session', 'directory', 'audit'];
const natsUsers = [...services, 'operator'];

const password = () => randomBytes(24).toString('base64url');
const passwords = (names, kept = {}) => Object.fromEntries(names.map((name) => [name, kept[name] ?? password()]));

/** The passwords of the embedded servers, made at the first start and kept in the data directory. */
export function loadSecrets(data) {
  const file = path.join(data, 'secrets.json');
  const text = readIfThere(file);
  const kept = text === undefined ? {} : JSON.parse(text);
  const secrets = {
    superuser: kept.superuser ?? password(),
    roles: passwords(services, kept.roles),
    natsUsers: passwords(natsUsers, kept.natsUsers),
  };
  const wanted = `${JSON.stringify(secrets, null, 2)}\n`;
  if (wanted !== text) writePrivate(file, wanted);
  return secrets;
}

/** `DATABASE_URL_<SERVICE>` for the role of each service in the embedded PostgreSQL. */
export function databaseUrls({ roles }, port) {
  return Object.fromEntries(
    services.map((service) => [
      `DATABASE_URL_${service.toUpperCase()}`,
      `postgres://signet_${service}:${roles[service]}@127.0.0.1:${port}/postgres`,
    ]),
  );
}

/** `NATS_URL_<SERVICE>` for each user of the embedded nats-server. */
export function natsUrls({ natsUsers: users }, port) {
  return Object.fromEntries(
    natsUsers.map((user) => [`NATS_URL_${user.toUpperCase()}`, `nats://${user}:${users[user]}@127.0.0.1:${port}`]),
  );
}
