import { isLoopbackHost, redirectUriFault } from '@signet/protocol';
import { fault, type ClientCheck } from './client-check.js';

const isWeb = (uri: string): boolean => /^https?:/i.test(uri);

/** OpenID Connect Front-Channel Logout 1.0 section 2: loaded in a frame of our page, at an origin that is the client's own. */
export const frontChannelLogout: ClientCheck = ({ frontchannelLogoutUri: uri, redirectUris }) => {
  if (uri === undefined) return [];
  const found = isWeb(uri) ? redirectUriFault(uri) : 'is no web address';
  if (found !== undefined) return fault('frontchannelLogoutUri', found);
  const { origin } = new URL(uri);
  // "The domain, port, and scheme of this URL MUST be the same as that of a registered Redirection URI value."
  return redirectUris.some((redirectUri) => URL.canParse(redirectUri) && new URL(redirectUri).origin === origin)
    ? []
    : fault('frontchannelLogoutUri', 'has not the scheme, host and port of a redirect URI');
};

/**
 * OpenID Connect Back-Channel Logout 1.0 section 2.2: absolute, without a fragment; https, and http on this machine for trying
 * out. Whether its host may be reached is decided when it is called.
 */
export const backChannelLogout: ClientCheck = ({ backchannelLogoutUri: uri }, { mode, outboundAllow }) => {
  if (uri === undefined) return [];
  const { protocol, hostname, origin } = new URL(URL.canParse(uri) ? uri : 'about:blank');
  const isTrial = mode === 'development' && protocol === 'http:' && isLoopbackHost(hostname);
  if (protocol !== 'https:' && !isTrial && !outboundAllow.includes(origin)) {
    return fault('backchannelLogoutUri', 'is not https');
  }
  // What an allowed origin is spared is https alone.
  const found = redirectUriFault(uri.replace(/^http:/i, 'https:'));
  return found === undefined ? [] : fault('backchannelLogoutUri', found);
};
