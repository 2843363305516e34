import { JetStreamApiCodes, JetStreamApiError, type StreamConfig } from '@nats-io/jetstream';
import { NoRespondersError, PermissionViolationError, type NatsConnection } from '@nats-io/transport-node';
import { eventStream, eventSubjects, kinshipOf, type Installation } from '@signet/contracts';
import { installationIn } from './stream-metadata.js';

/** NATS is there and cannot be used as it is, which waiting alone does not mend. The message is a sentence that says what does. */
export class NatsRefused extends Error {
  override readonly name: string = 'NatsRefused';
}

/** Of nats-server's `server/errors.json`. */
export const codes = {
  notEnabledForAccount: JetStreamApiCodes.JetStreamNotEnabledForAccount,
  notEnabled: 10076,
  subjectsOverlap: 10065,
  /** A stream of this name, with another configuration. */
  streamExists: 10058,
  notClustered: 10074,
} as const;

const configure = 'give nats-server what `signet nats config` prints';

/** A wrong password, or a user that the server does not have: it does not say which. */
export function unauthorised(user: string, hosts: string, cause: unknown): NatsRefused {
  const who = user === '' ? 'a client without user and password' : `the user ${user} with this password`;
  return new NatsRefused(
    `NATS at ${hosts} does not know ${who} (Authorization Violation): put the right password into its NATS_URL, or ${configure}`,
    { cause },
  );
}

/** What to do about an error of JetStream's API; undefined for one that may pass by itself. */
export function refusalOf(thrown: unknown, connection: Pick<NatsConnection, 'info'>): NatsRefused | undefined {
  for (const error of chainOf(thrown)) {
    if (error instanceof PermissionViolationError) return unpermitted(error);
    if (error instanceof JetStreamApiError) return refusalByCode(error);
    if (error instanceof NoRespondersError && !mayComeBack(connection)) return withoutJetStream(thrown);
  }
  return undefined;
}

/** The client wraps what the server says. */
function* chainOf(thrown: unknown): Generator<Error> {
  for (let error = thrown; error instanceof Error; error = error.cause) yield error;
}

const unpermitted = (denied: PermissionViolationError) =>
  new NatsRefused(
    `NATS does not let this user ${denied.operation === 'publish' ? 'publish' : 'subscribe'} to ${denied.subject}: ${configure}`,
    { cause: denied },
  );

function refusalByCode(error: JetStreamApiError): NatsRefused | undefined {
  if (error.code === codes.notEnabledForAccount || error.code === codes.notEnabled) return withoutJetStream(error);
  if (error.code === codes.notClustered) return withoutCluster(error);
  if (error.code !== codes.subjectsOverlap) return undefined;
  return new NatsRefused(
    `Another stream of this NATS takes ${eventSubjects}: delete it, or give Signet a NATS account of its own (\`signet nats config\`)`,
    { cause: error },
  );
}

/** Nobody answers for JetStream: the server has it and is starting it, or another one of its cluster has it. */
function mayComeBack(connection: Pick<NatsConnection, 'info'>): boolean {
  const told = connection.info as { jetstream?: boolean } | undefined;
  return told?.jetstream === true || isClustered(connection);
}

/** Whether the server is one of several, which it may not tell the addresses of. */
export const isClustered = ({ info }: Pick<NatsConnection, 'info'>): boolean =>
  (info as { readonly cluster?: string } | undefined)?.cluster !== undefined;

export const withoutCluster = (cause?: unknown) =>
  new NatsRefused(
    'This NATS is one server, and SIGNET_NATS_REPLICAS asks for several copies of its streams: unset it, or name a cluster',
    { cause },
  );

const withoutJetStream = (cause: unknown) =>
  new NatsRefused(
    'NATS runs without JetStream: start nats-server with a jetstream block in its configuration (`signet nats config` prints one), or with -js',
    { cause },
  );

/** By what a stream of this name is not one of Signet's; nothing where it is. */
export const foreignTraitsOf = ({
  subjects,
  retention,
  storage,
}: {
  readonly subjects: readonly string[];
  readonly retention: string;
  readonly storage: string;
}): string[] =>
  [
    subjects.length === 1 && subjects[0] === eventSubjects ? '' : `takes ${subjects.join(', ')}`,
    retention === 'limits' ? '' : `has the retention ${retention}`,
    storage === 'file' ? '' : `is kept in ${storage}`,
  ].filter((part) => part !== '');

/** Throws for a stream of this name that is not ours: nothing of it is changed. */
export function refuseForeign(config: StreamConfig, ours: Installation | undefined): void {
  const shape = foreignTraitsOf(config);
  if (shape.length > 0)
    throw new NatsRefused(
      `The stream ${eventStream} of this NATS is not Signet's: it ${shape.join(', and ')}. Delete it (nothing of Signet's is lost by that), or name another NATS`,
    );
  const known = installationIn(config.metadata);
  if (!known || !ours) return;
  const kinship = kinshipOf(known, ours);
  if (kinship === 'same') return;
  const whose = kinship === 'another issuer' ? known.issuer : `${known.issuer} with another keyring`;
  throw new NatsRefused(
    `The stream ${eventStream} of this NATS belongs to the installation ${whose}: give each installation a NATS of its own, or run \`signet installation adopt\` if it is to go on under SIGNET_ISSUER ${ours.issuer} and this keyring`,
  );
}
