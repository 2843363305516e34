import { invalidClientMetadata, type ClientMetadata, type OAuthError } from '@signet/protocol';
import type { OutboundFetch } from '@signet/service';
import { z } from 'zod';

const sector = z.array(z.string().max(2048)).max(1_000);

/**
 * OpenID Connect Registration 1.0 section 5: the file at sector_identifier_uri is a JSON array of redirect URIs, and the
 * client's "MUST be included in the elements of the array". Undefined where they are, or where there is no such member.
 */
export async function sectorFault(
  { sectorIdentifierUri: uri, redirectUris }: ClientMetadata,
  outbound: Pick<OutboundFetch, 'text'>,
): Promise<OAuthError | undefined> {
  if (uri === undefined) return undefined;
  const refused = (message: string, detail?: string) =>
    invalidClientMetadata(`sector_identifier_uri: ${message}`, detail === undefined ? {} : { detail });
  const answer = await outbound.text(uri, ['application/json']);
  if (!answer.ok) return refused('it cannot be read', answer.fault);
  let value: unknown;
  try {
    value = JSON.parse(answer.body);
  } catch {
    return refused('it is not JSON');
  }
  const listed = sector.safeParse(value);
  if (!listed.success) return refused('it is no array of URIs');
  const missing = redirectUris.find((redirect) => !listed.data.includes(redirect));
  return missing === undefined ? undefined : refused(`${missing} is not in it`);
}
