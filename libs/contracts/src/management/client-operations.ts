import { clientProfiles, clientRegistrations, consentPolicies, declaredMetadata } from '@signet/protocol';
import { z } from 'zod';
import { clientId } from '../text.js';
import { collectionOperations, stamps } from './collection.js';
import { objectName } from './objects/names.js';
import { operation } from './operation.js';

const ours = {
  require_pkce: z.boolean().default(false).describe('Required of public clients whatever this says.'),
  consent: z.enum(consentPolicies).default('explicit'),
  profile: z.enum(clientProfiles).default('oidc'),
  introspects: z.array(z.url()).max(100).default([]).describe('Resource servers whose tokens it may introspect.'),
  roles: z
    .array(objectName)
    .max(200)
    .default([])
    .describe('What it may do where it acts for itself: as its own service account.'),
  enabled: z.boolean().default(true),
} as const;

/** Secrets are made here, and shown once. */
export const managedClient = declaredMetadata({
  client_id: clientId.optional().describe('A random one where absent.'),
  ...ours,
});

const secret = z.string().describe('Shown this once.');

/** RFC 7591 names, defaults included, and ours beside them; `client_name#fr` and its like among them. */
const shownMembers = {
  client_id: clientId,
  client_name: z.string(),
  redirect_uris: z.array(z.string()),
  post_logout_redirect_uris: z.array(z.string()),
  grant_types: z.array(z.string()),
  response_types: z.array(z.string()),
  scope: z.string(),
  token_endpoint_auth_method: z.string(),
  ...{ require_pkce: z.boolean(), consent: ours.consent.unwrap(), profile: ours.profile.unwrap() },
  introspects: z.array(z.string()),
  roles: z.array(z.string()),
  enabled: z.boolean(),
  registration: z.enum(clientRegistrations).optional().describe('How it came to be; absent where that is not known.'),
  secrets: z.int().nonnegative().describe('How many secrets it has now.'),
  ...stamps,
} as const;

export const shownClient = z.looseObject(shownMembers).meta({ id: 'Client' });
export const createdClient = z
  .looseObject({ ...shownMembers, client_secret: secret.optional() })
  .meta({ id: 'CreatedClient' });

const parameters = z.strictObject({ client_id: clientId });

export const clientOperations = {
  ...collectionOperations({
    collection: 'clients',
    names: ['Client', 'Clients', 'a client', 'clients'],
    parameters,
    parameter: 'client_id',
    filters: {},
    created: managedClient,
    updated: managedClient,
    shown: shownClient,
    createdAs: createdClient,
    secret: true,
  }),
  rotateSecret: operation({
    service: 'directory',
    collection: 'clients',
    id: 'rotateClientSecret',
    method: 'POST',
    path: '/clients/{client_id}/secret',
    permission: 'clients:write',
    summary: "Rotate a client's secret",
    description: 'Makes a new secret. The one before it is good until the next rotation, or ends at once.',
    parameters,
    body: z.strictObject({
      end_others: z
        .boolean()
        .default(false)
        .describe('No other secret is good any more: for one that has become known.'),
    }),
    versioned: true,
    secret: true,
    response: { schema: z.strictObject({ client_id: clientId, client_secret: secret }).meta({ id: 'ClientSecret' }) },
    problems: ['conflict'],
  }),
} as const;
