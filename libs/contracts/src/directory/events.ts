import { z } from 'zod';
import { defineEvent } from '../events/definition.js';
import { refusalSummary } from '../events/fields.js';
import type { EventDefinition } from '../events/definition.js';

const view = z.record(z.string(), z.unknown()).optional();

/** `before` and `after` hold the changed members that are neither secret nor personal; `changed` names the rest too. */
const change = z.object({
  changed: z.array(z.string()).meta({
    description:
      'Names of the members that changed, as the Management API has them; also of those whose values are not told.',
    examples: [['name']],
  }),
  before: view.meta({
    description: 'What they were: those that are neither secret nor personal.',
    examples: [{ name: 'Staff' }],
  }),
  after: view.meta({ description: 'What they are now, as in `before`.', examples: [{ name: 'All staff' }] }),
});

const creation = z.object({
  changed: change.shape.changed.describe('Names of its members, also of those whose values are not told.'),
  after: change.shape.after.describe('Its members that are neither secret nor personal.'),
});

const deletion = z.object({
  before: change.shape.before.describe('What it was: the members that are neither secret nor personal.'),
});

const kinds = ['tenant', 'organisation', 'account', 'client', 'group', 'role', 'scope', 'resource-server'] as const;
export type DirectoryKind = (typeof kinds)[number];

type ChangeEvents<D extends z.ZodType> = { readonly [K in DirectoryKind]: EventDefinition<D> };

const articled = (kind: string) => `${/^[ao]/.test(kind) ? 'an' : 'a'} ${kind.replace('-', ' ')}`;

const changesOf = <D extends z.ZodType>(verb: string, data: D, occurs: string) =>
  Object.fromEntries(
    kinds.map((kind) => [
      kind,
      defineEvent('directory', kind, verb, { occurs: `${articled(kind)} was ${occurs}`, data }),
    ]),
  ) as unknown as ChangeEvents<D>;

export const directoryCreated = changesOf('created', creation, 'created');
export const directoryUpdated = changesOf('updated', change, 'changed');
/** What a deleted client, account or tenant held ends with it. */
export const directoryDeleted = changesOf('deleted', deletion, 'deleted');

export const accountDisabled = defineEvent('directory', 'account', 'disabled', {
  occurs: 'an account was disabled: its sessions and tokens end',
  data: z.object({}),
});

export const accountRestored = defineEvent('directory', 'account', 'restored', {
  occurs: 'a deleted account was restored within its grace period; it signs in anew',
  data: z.object({}),
});

export const accountErased = defineEvent('directory', 'account', 'erased', {
  occurs: 'an account was erased: nothing personal of it is kept, and what it was called is never the name of another',
  data: z.object({}),
});

export const clientDisabled = defineEvent('directory', 'client', 'disabled', {
  occurs: 'a client was disabled: its tokens end',
  data: z.object({}),
});

export const configurationApplied = defineEvent('directory', 'configuration', 'applied', {
  occurs: 'a configuration was applied and changed something',
  data: z.object({
    plan: z.string().meta({
      description: 'The id of its application, the same in each service and tenant.',
      examples: ['0198c5a0-7c1e-7b7a-9d2f-1c2d3e4f5a6b'],
    }),
    changes: z.int().meta({ description: 'Objects of this tenant that were made, changed or deleted.', examples: [4] }),
  }),
});

export const directoryStateRestored = defineEvent('directory', 'state', 'restored', {
  occurs: 'a backup was restored, and the initial access tokens that it held were ended',
  class: 'administration',
  data: z.object({
    tokens: z
      .int()
      .positive()
      .meta({ description: 'How many could have been used.', examples: [2] }),
  }),
});

export const initialAccessTokenCreated = defineEvent('directory', 'initial-access-token', 'created', {
  occurs: 'the operator made an initial access token, which registers clients',
  data: z.object({
    uses: z.int().meta({ description: 'How many clients it registers.', examples: [1] }),
    lifetime: z
      .int()
      .optional()
      .meta({
        description: 'Seconds for which it is good; absent where nothing but its uses ends it.',
        examples: [3_600],
      }),
  }),
});

export const registrationRefused = defineEvent('directory', 'registration', 'refused', {
  occurs: 'a registration of a client, or its management, was refused',
  outcome: 'failure',
  data: z.object({
    clientId: z
      .string()
      .optional()
      .meta({ description: 'The client whose management was tried.', examples: ['s6BhdRkqt3'] }),
  }),
});

export const registrationRefusalsSummarised = defineEvent('directory', 'registration', 'refusals-summarised', {
  occurs: 'a minute with more than ten refused registrations of one reason from one network has passed',
  outcome: 'failure',
  data: refusalSummary,
});

export const provisioningRefused = defineEvent('directory', 'provisioning', 'refused', {
  occurs: 'a request of SCIM was refused: no valid token, or not enough scope or permission',
  outcome: 'failure',
  data: z.object({
    operation: z.string().meta({
      description:
        'The method and the route; `change` where the permission was there, and what was asked for takes more.',
      examples: ['GET /scim/v2/t/:tenant/Users'],
    }),
  }),
});

export const provisioningRefusalsSummarised = defineEvent('directory', 'provisioning', 'refusals-summarised', {
  occurs: 'a minute with more than ten refused requests of SCIM of one reason from one network has passed',
  outcome: 'failure',
  data: refusalSummary,
});

export const clientLogoFetched = defineEvent('directory', 'client-logo', 'fetched', {
  occurs: "a client's logo was asked for, and fetched; `shown` is false where nothing was there that could be shown",
  data: z.object({
    shown: z.boolean().describe('Whether there was a picture that can be shown.'),
    member: z
      .string()
      .optional()
      .meta({ description: "The member of the client's metadata that names it.", examples: ['logo_uri'] }),
  }),
});
