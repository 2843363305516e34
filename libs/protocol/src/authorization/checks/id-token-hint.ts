import type { Client } from '../../client.js';
import { invalidRequest } from '../../errors/oauth-error.js';
import { fail, ok } from '../../result.js';
import type { Result } from '../../result.js';
import type { CheckContext } from './check.js';

/** Reads ID tokens of the request's tenant that come back as hints. */
export interface IdTokenHints {
  /**
   * The `sub` of an ID token that we issued to this client, whatever its age and whichever of our keys signed it; undefined
   * for anything else, an unsigned one included.
   */
  subjectOf(hint: string, client: Client): Promise<string | undefined>;
}

/**
 * OpenID Connect Core 1.0 section 3.1.2.1. What is none of our ID tokens names nobody: to go on as if nothing had been sent
 * could sign in a person whom the client does not mean.
 */
export const checkIdTokenHint = async (
  { parameters, client }: CheckContext,
  hints: IdTokenHints,
): Promise<Result<string | undefined>> => {
  const hint = parameters.get('id_token_hint');
  if (hint === undefined) return ok(undefined);
  const subject = await hints.subjectOf(hint, client);
  return subject === undefined
    ? fail(invalidRequest('The id_token_hint is not an ID token of this client'))
    : ok(subject);
};
