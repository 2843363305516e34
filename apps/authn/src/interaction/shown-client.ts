import { pathAt } from '@signet/contracts';
import type { ConsentView } from '@signet/pages';
import { clientNameIn, localizedMember, localizedValue, type Client } from '@signet/protocol';
import type { Exchange } from './exchange.js';

/** The client as a person who reads `language` is asked about it. Links lead to https alone, and pictures come from us. */
export function shownClient(
  { client, exchange }: { readonly client: Client; readonly exchange: Pick<Exchange, 'tenant'> },
  language: string,
): ConsentView['client'] {
  const link = (name: 'policy_uri' | 'tos_uri', value: string | undefined) => {
    const uri = localizedValue(client.localized, name, language) ?? value;
    return uri?.startsWith('https:') ? uri : undefined;
  };
  const policyUri = link('policy_uri', client.policyUri);
  const termsUri = link('tos_uri', client.tosUri);
  const logo = shownLogo(client, language);
  return {
    name: clientNameIn(client, language),
    ...(logo !== undefined && { logoPath: `${pathAt(exchange.tenant, '/client-logo')}/${logo}` }),
    ...(policyUri !== undefined && { policyUri }),
    ...(termsUri !== undefined && { termsUri }),
  };
}

/** Where under /client-logo the picture is: the language's own, else the one for every language. */
function shownLogo({ clientId, version, localized, shownLogos = [] }: Client, language: string): string | undefined {
  const wanted = [localizedMember(localized, 'logo_uri', language), 'logo_uri'];
  const member = wanted.find((name) => name !== undefined && shownLogos.includes(name));
  if (member === undefined) return undefined;
  const [, ...tag] = member.split('#');
  return [encodeURIComponent(clientId), version, ...tag].join('/');
}
