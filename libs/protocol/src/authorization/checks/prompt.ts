import { invalidRequest } from '../../errors/oauth-error.js';
import { fail, ok } from '../../result.js';
import { prompts } from '../authorization-request.js';
import type { Prompt } from '../authorization-request.js';
import type { AuthorizationCheck } from './check.js';

/** OpenID Connect Core 1.0 section 3.1.2.1: none with any other value is an error. */
export const checkPrompt: AuthorizationCheck<readonly Prompt[]> = ({ parameters }) => {
  const asked = new Set((parameters.get('prompt') ?? '').split(' ').filter((value) => value !== ''));
  if (asked.has('none') && asked.size > 1) {
    return fail(invalidRequest('The prompt none cannot be combined with another'));
  }
  return ok(prompts.filter((prompt) => asked.has(prompt)));
};
