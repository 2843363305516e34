import type { AuthorizationRequest, Client } from '@signet/protocol';

/**
 * Whether the person is asked before token is: `ask` shows the consent page without a question to token; `remembered` lets token say whether an
 * earlier yes covers the scopes; `first_party` asks nobody. offline_access is asked for once even of a first party (OpenID Connect Core section 11).
 */
export function consentMode(
  request: Pick<AuthorizationRequest, 'prompt' | 'scopes'>,
  client: Pick<Client, 'consent'>,
): 'ask' | 'remembered' | 'first_party' {
  if (request.prompt.includes('consent') || client.consent === 'explicit') return 'ask';
  return client.consent === 'remembered' || request.scopes.includes('offline_access') ? 'remembered' : 'first_party';
}
