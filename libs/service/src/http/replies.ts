import { oauthErrorBody, type OAuthError } from '@signet/protocol';
import type { HttpReply } from './types.js';

/** RFC 6749 section 5.1: what holds tokens or tells of them is never stored. */
export function noStore(reply: HttpReply): void {
  void reply.header('Cache-Control', 'no-store').header('Pragma', 'no-cache');
}

/** Answers with an error as RFC 6749 section 5.2 has it. `detail` and `cause` stay here. */
export function sendOAuthError(reply: HttpReply, error: OAuthError): void {
  noStore(reply);
  void reply
    .status(error.status)
    .headers(error.headers ?? {})
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(oauthErrorBody(error)));
}
