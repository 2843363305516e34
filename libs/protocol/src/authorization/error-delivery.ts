import { isVouchedFor } from '../client.js';
import type { Client } from '../client.js';

/** `at_once`: the browser is sent on with it. `by_person`: a page tells of it, and has a way on that the person may take. */
export type ErrorDelivery = 'at_once' | 'by_person';

/** What has come before the error. */
export interface ErrorOccasion {
  /** prompt=none: nobody may be shown anything. */
  readonly silent: boolean;
  /** The person has sent a page of ours in this very request: signed in, agreed, or said no. */
  readonly answered: boolean;
}

/**
 * RFC 9700 section 4.11.2: "The authorization server SHOULD only automatically redirect the user agent if it trusts the redirect
 * URI. If the URI is not trusted, the authorization server MAY inform the user and rely on the user to make the correct
 * decision." A faulty request costs its sender nothing, so a client that anybody may register would make this origin a
 * redirector to anywhere. It does not look at sessions: who is signed in has not thereby chosen to go there.
 */
export const errorDelivery = (
  client: Pick<Client, 'registration'>,
  { silent, answered }: ErrorOccasion,
): ErrorDelivery => (isVouchedFor(client) || silent || answered ? 'at_once' : 'by_person');
