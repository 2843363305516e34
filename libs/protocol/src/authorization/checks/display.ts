import { ok } from '../../result.js';
import { displays } from '../authorization-request.js';
import type { Display } from '../authorization-request.js';
import type { AuthorizationCheck } from './check.js';

/** OpenID Connect Core 1.0 section 3.1.2.1: a wish about the pages. One that we do not know is no reason to refuse. */
export const checkDisplay: AuthorizationCheck<Display | undefined> = ({ parameters }) =>
  ok(displays.find((display) => display === parameters.get('display')));
