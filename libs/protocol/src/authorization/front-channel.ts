import type { RegisteredClient } from '../client.js';
import { targetOf } from '../resource.js';
import { accountSubject } from '../token-endpoint/authorization.js';
import type { Authorization, GrantFacts } from '../token-endpoint/authorization.js';

/**
 * What the tokens are made of that the authorization endpoint itself hands out. They are online: `facts` has the session
 * and its expiry, offline_access stays with the code (OpenID Connect Core 1.0 section 11), and no refresh token comes along
 * (RFC 6749 section 4.2.2). It does not check whether anything may be issued.
 */
export const frontChannelAuthorization = (input: {
  readonly registered: RegisteredClient;
  readonly issuer: string;
  readonly facts: GrantFacts;
  readonly tokenId: string;
  readonly statusIndex?: number | undefined;
}): Authorization => {
  const { registered, issuer, facts, tokenId, statusIndex } = input;
  const { client, resourceServers } = registered;
  const scopes = facts.scopes.filter((scope) => scope !== 'offline_access');
  return {
    client,
    subject: accountSubject(facts),
    tokenId,
    ...targetOf({ issuer, scopes, resources: facts.resources, resourceServers }),
    nonce: facts.nonce,
    expiresAt: facts.expiresAt,
    statusIndex,
  };
};
