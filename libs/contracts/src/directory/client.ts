import { clientSchema, clientWithSecretsSchema } from '@signet/protocol';
import { z } from 'zod';
import { tenantId, type TenantId } from '../ids.js';
import { request } from '../request.js';
import { clientId } from '../text.js';

const reference = z.strictObject({ tenantId, clientId });

export const findClient = request('directory', 'client', 'find', {
  request: reference,
  response: clientSchema,
  errors: ['not_found'],
});

/**
 * Where the sealed secret of a client belongs: what it is sealed and opened with beside the key of the purpose `client`.
 * As a column of the directory's, and, for the way there, as a file's declaration, made before the tenant may have an id.
 */
export const sealedSecretPlace = (owner: { tenantId: TenantId; clientId: string }): readonly string[] => [
  owner.tenantId,
  'client_secret',
  'secret',
  owner.clientId,
];
export const declaredSecretPlace = (owner: { issuer: string; clientId: string }): readonly string[] => [
  owner.issuer,
  'declaration',
  'secret',
  owner.clientId,
];

/** For the token service alone, which authenticates clients. */
export const findClientWithSecrets = request('directory', 'client', 'find-with-secrets', {
  request: reference,
  response: clientWithSecretsSchema,
  errors: ['not_found'],
});
