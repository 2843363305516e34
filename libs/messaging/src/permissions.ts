import {
  deadLetterStream,
  eventStream,
  permissions as table,
  type Permissions,
  type Principal,
} from '@signet/contracts';
import { inboxPrefix } from './connection.js';
import { tenantConsumer } from './tenant-consumer.js';

/** Subjects in nats-server's sense: wildcards allowed, `deny` wins over `allow`. */
export interface SubjectPermissions {
  readonly publish: { readonly allow: readonly string[]; readonly deny: readonly string[] };
  readonly subscribe: { readonly allow: readonly string[] };
}

const nothing: Permissions = { serves: [], calls: [], consumes: [] };

type Table = Readonly<Partial<Record<Principal, Permissions>>>;

/**
 * What the NATS user of `principal` may do: serve and call by the contracts' table, read its own inbox, publish events as
 * itself, look after the stream, and read it through consumers of its own. Answering a request is allowed by the server
 * for its reply subject alone (`allow_responses`). `consumers` are the names of those outside, whose durables audit alone looks after.
 */
export function permissionsOf(
  principal: Principal,
  permissions: Table = table,
  consumers: readonly string[] = [],
): SubjectPermissions {
  const { serves, calls, consumes, durables = [], ...more } = permissions[principal] ?? nothing;
  const publishes = principal !== 'operator';
  const foreign = [
    ...Object.values(permissions)
      .flatMap((other) => other.durables ?? [])
      .filter((name) => !durables.includes(name)),
    ...(principal === 'audit' ? [] : consumers.map(tenantConsumer)),
  ];
  return {
    publish: {
      allow: [
        ...calls.map(({ subject }) => subject),
        ...(publishes ? [`signet.events.v1.*.${principal}.>`] : []),
        ...(publishes || consumes.length > 0 ? streamSubjects(eventStream) : []),
        ...(more.readsDeadLetters ? deadLetterSubjects('INFO', 'MSG.GET') : []),
        ...(more.raisesDeadLetters ? deadLetterSubjects('INFO', 'UPDATE') : []),
        ...(consumes.length > 0 ? consumerSubjects(principal, consumes, durables) : []),
        ...(principal === 'audit' ? consumers.flatMap(keptSubjects) : []),
      ],
      deny: consumes.length > 0 ? foreign.flatMap((name) => durableSubjects(name)) : [],
    },
    subscribe: { allow: [...serves.map(({ subject }) => subject), `${inboxPrefix(principal)}.>`] },
  };
}

/** As whose JetStream's API consumers from outside know it: in an account of its own `$JS.API` is the server's own. */
export const readersDomain = 'SIGNET';
export const readersApi = `$JS.${readersDomain}.API`;

/**
 * What the user of a consumer from outside may do: pull from the one that was made for it, look at it, acknowledge. It has no way to make
 * one: whoever has may have messages published to subjects that it may not publish to itself.
 */
export function consumerPermissionsOf(name: string): SubjectPermissions {
  const durable = tenantConsumer(name);
  return {
    publish: {
      allow: [
        `${readersApi}.CONSUMER.INFO.${eventStream}.${durable}`,
        `${readersApi}.CONSUMER.MSG.NEXT.${eventStream}.${durable}`,
        `$JS.ACK.${eventStream}.${durable}.>`,
      ],
      deny: [],
    },
    subscribe: { allow: [`${inboxPrefix(durable)}.>`] },
  };
}

function streamSubjects(stream: string): string[] {
  return ['INFO', 'CREATE', 'UPDATE'].map((verb) => `$JS.API.STREAM.${verb}.${stream}`);
}

function deadLetterSubjects(...verbs: readonly string[]): string[] {
  return verbs.map((verb) => `$JS.API.STREAM.${verb}.${deadLetterStream}`);
}

/**
 * A consumer of a replica's own has a random name, so the name is a wildcard here; its filter is pinned instead, and the
 * names of the other services' durables are denied.
 */
function consumerSubjects(principal: Principal, consumes: readonly string[], durables: readonly string[]): string[] {
  return [
    ...consumes.map((filter) => `$JS.API.CONSUMER.CREATE.${eventStream}.*.${filter}`),
    `$JS.API.CONSUMER.MSG.NEXT.${eventStream}.*`,
    `$JS.ACK.${eventStream}.*.>`,
    `signet.dead.v1.${principal}`,
    `$JS.API.STREAM.CREATE.${deadLetterStream}`,
    ...durables.flatMap((name) => [
      // Several filters do not fit into the subject, and go by the API's older name.
      ...(consumes.length > 1 ? [`$JS.API.CONSUMER.DURABLE.CREATE.${eventStream}.${name}`] : []),
      `$JS.API.CONSUMER.INFO.${eventStream}.${name}`,
      `signet.dead.v1.${name}`,
    ]),
  ];
}

/** Beside making it: to make it anew for another tenant. */
function keptSubjects(name: string): string[] {
  return ['INFO', 'DELETE'].map((verb) => `$JS.API.CONSUMER.${verb}.${eventStream}.${tenantConsumer(name)}`);
}

function durableSubjects(name: string): string[] {
  return [
    `$JS.API.CONSUMER.CREATE.${eventStream}.${name}.>`,
    `$JS.API.CONSUMER.MSG.NEXT.${eventStream}.${name}`,
    `$JS.ACK.${eventStream}.${name}.>`,
  ];
}
