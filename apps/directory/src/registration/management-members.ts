import { sha256Text } from '@signet/keys';
import { invalidClientMetadata, type OAuthError } from '@signet/protocol';
import { z } from 'zod';
import type { Registration } from './registration-statements.js';

const management = z.looseObject({ client_id: z.string(), client_secret: z.string().optional() });

/** RFC 7592 section 2.2: what an update MUST NOT include. */
const answered = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
];

/** What is wrong with an update beside its metadata, or undefined. */
export function managementFault(body: unknown, { client, secrets }: Registration): OAuthError | undefined {
  const parsed = management.safeParse(body);
  // "The client MUST include its client_id field in the request, and it MUST be the same as its currently issued client identifier."
  if (!parsed.success || parsed.data.client_id !== client.clientId)
    return invalidClientMetadata('client_id: must be the registered one');
  const { client_secret: secret } = parsed.data;
  // "… the value of client_secret MUST match the currently issued client secret for that client."
  if (secret !== undefined && !secrets.some(({ hash }) => hash === sha256Text(secret))) {
    return invalidClientMetadata('client_secret: must be the issued one');
  }
  const foreign = answered.find((member) => Object.hasOwn(parsed.data, member));
  return foreign === undefined ? undefined : invalidClientMetadata(`${foreign}: may not be in an update`);
}
