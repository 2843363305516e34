import { clientProfiles, consentPolicies, declaredMetadata } from '@signet/protocol';
import { z } from 'zod';
import { text } from '../../text.js';
import { objectName } from './names.js';

/** Bytes: as many as the hash gives. */
const macKeyLengths: Readonly<Record<string, number>> = { HS256: 32, HS384: 48, HS512: 64 };

/** A client as an administrator writes it: RFC 7591 names, and ours beside them. */
export const clientObject = declaredMetadata({
  client_id: text(255, 1),
  client_secret: z
    .string()
    .min(8)
    .max(512)
    .optional()
    .describe('At least 32 characters in production mode. Prefer ${env:NAME}.'),
  require_pkce: z.boolean().default(false).describe('Required of public clients whatever this says.'),
  consent: z.enum(consentPolicies).default('explicit'),
  profile: z.enum(clientProfiles).default('oidc'),
  introspects: z.array(z.url()).default([]).describe('Resource servers whose tokens it may introspect.'),
  roles: z
    .array(objectName)
    .default([])
    .describe('What it may do where it acts for itself: as its own service account.'),
  enabled: z.boolean().default(true),
}).superRefine((declared, context) => {
  const fault = (path: string, message: string) => {
    context.addIssue({ code: 'custom', path: [path], message });
  };
  const method = declared.token_endpoint_auth_method ?? 'client_secret_basic';
  const needsSecret = method.startsWith('client_secret_');
  if (needsSecret && declared.client_secret === undefined) fault('client_secret', `${method} needs one`);
  if (!needsSecret && declared.client_secret !== undefined) fault('client_secret', `${method} has no secret`);
  const shortest =
    method === 'client_secret_jwt' ? (macKeyLengths[declared.token_endpoint_auth_signing_alg ?? ''] ?? 32) : 0;
  if (Buffer.byteLength(declared.client_secret ?? '', 'utf8') < shortest && declared.client_secret !== undefined) {
    fault('client_secret', `its MAC asks for ${shortest} bytes or more (RFC 7518 section 3.2)`);
  }
  const grantTypes = declared.grant_types ?? ['authorization_code'];
  if (method === 'none' && grantTypes.includes('client_credentials')) {
    fault('grant_types', 'client_credentials is for confidential clients (RFC 6749 section 4.4)');
  }
  if (grantTypes.includes('authorization_code') && !declared.redirect_uris?.length) {
    fault('redirect_uris', 'authorization_code needs at least one');
  }
});
export type ClientObject = z.output<typeof clientObject>;
