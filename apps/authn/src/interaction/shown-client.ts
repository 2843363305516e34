import { pathAt } from '@signet/contracts';
import type { ConsentView } from '@signet/pages';
import { localizedValue, type Client } from '@signet/protocol';
import type { InteractionFlow } from './interaction-flow.js';

/** A client's name in the language of the page (RFC 7591 section 2.2), else the one that it has for every language. */
export const clientNameIn = ({ name, localized }: Client, language: string): string =>
  localizedValue(localized, 'client_name', language) ?? name;

/** The client as a person is asked about it. Links lead to https alone, and pictures come from us. */
export function shownClient({ client, exchange }: InteractionFlow, language: string): ConsentView['client'] {
  const link = (name: 'policy_uri' | 'tos_uri', value: string | undefined) => {
    const uri = localizedValue(client.localized, name, language) ?? value;
    return uri?.startsWith('https:') ? uri : undefined;
  };
  const policyUri = link('policy_uri', client.policyUri);
  const termsUri = link('tos_uri', client.tosUri);
  const logos = pathAt(exchange.tenant, '/client-logo');
  return {
    name: clientNameIn(client, language),
    ...(client.hasLogo === true && { logoPath: `${logos}/${encodeURIComponent(client.clientId)}/${client.version}` }),
    ...(policyUri !== undefined && { policyUri }),
    ...(termsUri !== undefined && { termsUri }),
  };
}
