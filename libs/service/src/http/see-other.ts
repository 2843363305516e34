import type { HttpReply } from './types.js';

/** Sends the browser on; 303, so that a POST with a password in it is not repeated at its target (RFC 9700 section 4.12). */
export function seeOther(reply: HttpReply, location: string): void {
  void reply
    .status(303)
    .headers({ Location: location, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' })
    .send();
}
