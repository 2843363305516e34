import type { Client } from '../client.js';

/**
 * RFC 7009 section 2.1: a client may revoke what was issued to it and nothing else. Where that section has the client told so by an
 * error, it is answered like what does not exist (section 2.2): 200, and nothing happens, so that the answer tells nobody whether a token lives.
 */
export const mayRevoke = (client: Client, token: { readonly clientId: string }): boolean =>
  token.clientId === client.clientId;
