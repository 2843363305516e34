import * as audit from '../audit/events.js';
import * as webhook from '../audit/webhook-events.js';
import * as authn from '../authn/events.js';
import * as directory from '../directory/events.js';
import { managementEvents } from '../management/events.js';
import * as session from '../session/events.js';
import * as token from '../token/events.js';
import type { EventDefinition } from './definition.js';

const { directoryCreated, directoryUpdated, directoryDeleted, ...directoryOthers } = directory;

/** Every event there is. */
export const catalogueOfEvents: readonly EventDefinition[] = [
  ...Object.values(authn),
  ...Object.values(token),
  ...Object.values(session),
  ...Object.values(directoryCreated),
  ...Object.values(directoryUpdated),
  ...Object.values(directoryDeleted),
  ...Object.values(directoryOthers),
  ...Object.values(managementEvents).flatMap((events) => Object.values(events)),
  ...Object.values(audit),
  ...Object.values(webhook),
];

const byType = new Map(catalogueOfEvents.map((definition) => [definition.type, definition]));

/** Undefined for what a newer version of a service has recorded. */
export const definitionOf = (type: string): EventDefinition | undefined => byType.get(type);
