import type { Client } from '../client.js';
import { invalidRequest, unauthorizedClient } from '../errors/oauth-error.js';
import type { RequestParameters } from '../parameters.js';
import { fail, ok } from '../result.js';
import type { Result } from '../result.js';

const longestTarget = 2_048;

const isWebUri = (uri: string): boolean => {
  if (uri.length > longestTarget || /[^\x21-\x7e]/.test(uri) || !URL.canParse(uri)) return false;
  const { protocol, username, password } = new URL(uri);
  return /^https?:$/.test(protocol) && username === '' && password === '';
};

const unusableClient = (detail: string): Result<never> =>
  fail(unauthorizedClient('Sign-in cannot be started for this client', { detail }));

/**
 * OpenID Connect Core 1.0 section 4: where a browser goes that is to sign in at a client, begun by somebody else. It is the
 * client's registered initiate_login_uri and nothing that the request names: target_link_uri travels as a parameter, and
 * is the client's to judge ("RPs MUST verify the value of the target_link_uri").
 */
export const initiateLogin = (
  parameters: RequestParameters,
  client: Pick<Client, 'enabled' | 'initiateLoginUri'> | undefined,
  issuer: string,
): Result<string> => {
  if (!client?.enabled) return unusableClient('client_unknown');
  const { initiateLoginUri: uri } = client;
  if (uri === undefined) return unusableClient('initiate_login_uri_missing');
  // "uses the https scheme": one that was registered before this was checked is not followed either.
  if (!URL.canParse(uri) || new URL(uri).protocol !== 'https:') return unusableClient('initiate_login_uri_not_https');
  const target = parameters.get('target_link_uri');
  if (target !== undefined && !isWebUri(target)) {
    return fail(invalidRequest('The target_link_uri is not a web address', { detail: 'target_link_uri' }));
  }
  const loginHint = parameters.get('login_hint');
  const url = new URL(uri);
  url.searchParams.set('iss', issuer);
  if (loginHint !== undefined) url.searchParams.set('login_hint', loginHint);
  if (target !== undefined) url.searchParams.set('target_link_uri', target);
  return ok(url.href);
};
