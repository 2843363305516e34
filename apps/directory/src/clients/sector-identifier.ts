import type { Client } from '@signet/protocol';
import type { OutboundFault, OutboundFetch } from '@signet/service';
import { z } from 'zod';

const sector = z.array(z.string().max(2048)).max(1_000);

/** What is wrong with what is at a sector_identifier_uri. `unread`, why it is not known, is for the operator alone. */
export interface SectorFault {
  readonly message: string;
  readonly unread?: OutboundFault;
}

/**
 * OpenID Connect Registration 1.0 section 5: the file at sector_identifier_uri is a JSON array of redirect URIs, and the
 * client's "MUST be included in the elements of the array". Undefined where they are, or where there is no such member.
 */
export async function sectorFault(
  { sectorIdentifierUri: uri, redirectUris }: Pick<Client, 'sectorIdentifierUri' | 'redirectUris'>,
  outbound: Pick<OutboundFetch, 'text'>,
): Promise<SectorFault | undefined> {
  if (uri === undefined) return undefined;
  const answer = await outbound.text(uri, ['application/json']);
  if (!answer.ok) return { message: 'it cannot be read', unread: answer.fault };
  let value: unknown;
  try {
    value = JSON.parse(answer.body);
  } catch {
    return { message: 'it is not JSON' };
  }
  const listed = sector.safeParse(value);
  if (!listed.success) return { message: 'it is no array of URIs' };
  const missing = redirectUris.find((redirect) => !listed.data.includes(redirect));
  return missing === undefined ? undefined : { message: `${missing} is not in it` };
}
