import { definitionOf } from '@signet/contracts';
import { traceOf } from '../log/facets.js';
import type { LoggedCloudEvent } from '../reading/cloud-event.js';
import { alarming, ocsfClasses, ocsfClassOf, otherwise, type OcsfActivities } from './ocsf-mapping.js';

export const ocsfVersion = '1.3.0';

type Members = Readonly<Record<string, unknown>>;

const other = 99;
/** Of a user: 1 is a person, 3 a system, 0 unknown. */
const userTypes = { account: 1, operator: 3, service: 3 } as const;
const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;

/** An event as an OCSF event. A type that a newer version of its service has is a base event (class 0). */
export function ocsfEventOf(event: LoggedCloudEvent): Members {
  const [, service = '', noun = '', verb = ''] = event.type.split('.');
  const name = ocsfClassOf.get(`${service}.${noun}`);
  const { uid, category, activities }: OcsfActivities = name
    ? ocsfClasses[name]
    : { uid: 0, category: 0, activities: {} };
  const kind = `${service}.${noun}.${verb}`;
  const activity = (otherwise.has(kind) ? undefined : activities[verb]) ?? other;
  const failed = definitionOf(event.type)?.outcome === 'failure';
  const { personal, ...data } = event.data;
  const told: Members = isMembers(personal) ? personal : {};
  const network = isMembers(told['network']) ? told['network'] : {};
  const trace = traceOf(event);
  return {
    activity_id: activity,
    ...(activity === other && { activity_name: `${noun} ${verb}` }),
    category_uid: category,
    class_uid: uid,
    type_uid: uid * 100 + activity,
    time: Date.parse(event.time),
    severity_id: alarming.has(kind) ? 4 : failed ? 2 : 1,
    status_id: failed ? 2 : 1,
    ...(event.reason !== undefined && { status_detail: event.reason }),
    metadata: {
      version: ocsfVersion,
      product: { name: 'Signet', vendor_name: 'Signet', feature: { name: service } },
      uid: event.id,
      event_code: event.type,
      sequence: event.logindex,
      tenant_uid: event.tenant,
      original_time: event.time,
      ...(trace !== undefined && { correlation_uid: trace }),
    },
    actor: actorOf(event.actor),
    ...(event.session !== undefined && { session: { uid: event.session } }),
    ...(typeof network['ip'] === 'string' && { src_endpoint: { ip: network['ip'] } }),
    ...(typeof network['userAgent'] === 'string' && { http_request: { user_agent: network['userAgent'] } }),
    ...ofClass(name, event, told, network),
    unmapped: { ...unmappedOf(event), ...data },
  };
}

/** The envelope's members that not every class has a place for. */
function unmappedOf({ aggregate, aggregateversion, subject, client, onbehalfof }: LoggedCloudEvent): Members {
  const told = { aggregate, aggregateversion, subject, client, onbehalfof };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
}

function ofClass(
  name: ReturnType<typeof ocsfClassOf.get>,
  event: LoggedCloudEvent,
  told: Members,
  network: Members,
): Members {
  switch (name) {
    case 'account_change':
      return { user: userOf(event, told) };
    case 'authentication':
      return { user: userOf(event, told), service: { name: 'Signet', uid: event.tenant } };
    case 'user_access':
      return { user: userOf(event, told), privileges: event.data['scopes'] ?? [] };
    case 'entity_management':
      return { entity: { name: event.aggregate, type: event.aggregate.split(':', 1)[0], uid: event.aggregate } };
    case 'api_activity':
      return {
        api: { operation: typeof event.data['operation'] === 'string' ? event.data['operation'] : event.type },
        // Required; without the personal part, nobody is told where from.
        src_endpoint: typeof network['ip'] === 'string' ? { ip: network['ip'] } : { name: 'not told' },
      };
    case undefined:
      return {};
  }
}

/** Of whom it tells: an account, else the client, else whoever acted. */
function userOf({ subject, client, actor }: LoggedCloudEvent, { username }: Members): Members {
  const known = typeof username === 'string' ? { name: username } : {};
  if (subject !== undefined) return { uid: subject.replace(/^account:/, ''), type_id: userTypes.account, ...known };
  if (client !== undefined) return { uid: client, type_id: other, type: 'Client', ...known };
  return { uid: actor, type_id: 0, ...known };
}

function actorOf(actor: string): Members {
  const [kind = '', ...rest] = actor.split(':');
  const id = rest.join(':');
  if (kind === 'client') return { app_uid: id };
  if (kind === 'account' || kind === 'operator' || kind === 'service')
    return { user: { uid: id, type_id: userTypes[kind], type: kind } };
  return { user: { uid: actor, type_id: 0 } };
}
