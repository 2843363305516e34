import { z } from 'zod';
import { defineEvent } from '../events/definition.js';
import type { EventDefinition } from '../events/definition.js';

/** `before` and `after` hold the changed members that are neither secret nor personal; `changed` names the rest too. */
const change = z.object({
  changed: z.array(z.string()),
  before: z.record(z.string(), z.unknown()).optional(),
  after: z.record(z.string(), z.unknown()).optional(),
});

/** `before`: as of a change. */
const deletion = z.object({ before: z.record(z.string(), z.unknown()).optional() });

const kinds = ['tenant', 'organisation', 'account', 'client', 'group', 'role', 'scope', 'resource-server'] as const;
export type DirectoryKind = (typeof kinds)[number];

type ChangeEvents<D extends z.ZodType> = { readonly [K in DirectoryKind]: EventDefinition<D> };

const changesOf = <D extends z.ZodType>(verb: string, data: D, occurs: string) =>
  Object.fromEntries(
    kinds.map((kind) => [kind, defineEvent('directory', kind, verb, { occurs: `a ${kind} was ${occurs}`, data })]),
  ) as unknown as ChangeEvents<D>;

export const directoryCreated = changesOf('created', change, 'created');
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
  data: z.object({ plan: z.string(), changes: z.int() }),
});

export const initialAccessTokenCreated = defineEvent('directory', 'initial-access-token', 'created', {
  occurs: 'the operator made an initial access token, which registers clients',
  data: z.object({ uses: z.int(), lifetime: z.int().optional() }),
});

export const registrationRefused = defineEvent('directory', 'registration', 'refused', {
  occurs: 'a registration of a client, or its management, was refused',
  outcome: 'failure',
  data: z.object({ clientId: z.string().optional() }),
});

/** Beyond ten a minute per tenant, reason and network, refusals are counted and told once a minute. */
export const registrationRefusalsSummarised = defineEvent('directory', 'registration', 'refusals-summarised', {
  occurs: 'a minute with more than ten refused registrations of one reason from one network has passed',
  outcome: 'failure',
  data: z.object({ count: z.int().positive(), from: z.string(), to: z.string() }),
});

export const provisioningRefused = defineEvent('directory', 'provisioning', 'refused', {
  occurs: 'a request of SCIM was refused: no valid token, or not enough scope or permission',
  outcome: 'failure',
  data: z.object({ operation: z.string() }),
});

/** Beyond ten a minute per tenant, reason and network, refusals are counted and told once a minute. */
export const provisioningRefusalsSummarised = defineEvent('directory', 'provisioning', 'refusals-summarised', {
  occurs: 'a minute with more than ten refused requests of SCIM of one reason from one network has passed',
  outcome: 'failure',
  data: z.object({ count: z.int().positive(), from: z.string(), to: z.string() }),
});

export const clientLogoFetched = defineEvent('directory', 'client-logo', 'fetched', {
  occurs: "a client's logo was asked for, and fetched; `shown` is false where nothing was there that could be shown",
  data: z.object({ shown: z.boolean(), member: z.string().optional() }),
});
