import type { NatsConnection } from '@nats-io/transport-node';
import { learned, type Installation } from '@signet/contracts';

type Metadata = Readonly<Record<string, string>>;

const issuerName = 'signet_issuer';
const keysName = 'signet_keys';

/** Whose stream it is; undefined where it does not say. */
export function installationIn(metadata: Metadata | undefined): Installation | undefined {
  const issuer = metadata?.[issuerName];
  const keys = metadata?.[keysName];
  return issuer === undefined || keys === undefined ? undefined : { issuer, keys: keys.split(',') };
}

/** The metadata as it has to be; undefined where it is. What the server itself keeps there is left to it. */
export function metadataOf(current: Metadata | undefined, ours: Installation): Metadata | undefined {
  const known = installationIn(current);
  const next = known ? learned(known, ours) : ours;
  return next && withInstallation(current, next);
}

/** Of `ours` alone, whosever it was. */
export function withInstallation(current: Metadata | undefined, { issuer, keys }: Installation): Metadata {
  const others = Object.entries(current ?? {}).filter(([name]) => !name.startsWith('_nats.'));
  return { ...Object.fromEntries(others), [issuerName]: issuer, [keysName]: keys.join(',') };
}

const installations = new WeakMap<NatsConnection, Installation>();

/** Says whose connection it is: the streams that it makes say so too. */
export function belongsTo(connection: NatsConnection, installation: Installation): void {
  installations.set(connection, installation);
}

export const installationOf = (connection: NatsConnection): Installation | undefined => installations.get(connection);
