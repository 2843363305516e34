import { clientSchema, clientWithSecretsSchema } from '@signet/protocol';
import { z } from 'zod';
import { tenantId } from '../ids.js';
import { request } from '../request.js';
import { clientId } from '../text.js';

const reference = z.strictObject({ tenantId, clientId });

export const findClient = request('directory', 'client', 'find', {
  request: reference,
  response: clientSchema,
  errors: ['not_found'],
});

/** For the token service alone, which authenticates clients. */
export const findClientWithSecrets = request('directory', 'client', 'find-with-secrets', {
  request: reference,
  response: clientWithSecretsSchema,
  errors: ['not_found'],
});
