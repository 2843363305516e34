import { fail, ok } from '../result.js';
import type { Result } from '../result.js';
import type { AuthorizationCheck, CheckContext } from './checks/check.js';
import { checkClaims } from './checks/claims.js';
import { checkCodeChallenge } from './checks/code-challenge.js';
import { checkDisplay } from './checks/display.js';
import { checkDpopJkt } from './checks/dpop-jkt.js';
import { checkMaxAge } from './checks/max-age.js';
import { checkNonce } from './checks/nonce.js';
import { checkPrompt } from './checks/prompt.js';
import { ensurePushedWhereRequired } from './checks/pushed-request.js';
import { ensureNoRegistration } from './checks/registration.js';
import { ensureSignedWhereRequired } from './checks/request-object.js';
import { checkResource } from './checks/resource.js';
import { checkResponseMode } from './checks/response-mode.js';
import { checkResponseType } from './checks/response-type.js';
import { checkScope } from './checks/scope.js';

/** What /authorize checks once it may answer by redirect, in this order; the first that fails is the answer. */
export const authorizationChecks = {
  requestObject: ensureSignedWhereRequired,
  registration: ensureNoRegistration,
  pushedRequest: ensurePushedWhereRequired,
  responseType: checkResponseType,
  responseMode: checkResponseMode,
  nonce: checkNonce,
  codeChallenge: checkCodeChallenge,
  dpopJkt: checkDpopJkt,
  resources: checkResource,
  scopes: checkScope,
  prompt: checkPrompt,
  maxAge: checkMaxAge,
  claims: checkClaims,
  display: checkDisplay,
} as const;

type CheckTable = typeof authorizationChecks;
type Checked = { [Name in keyof CheckTable]: CheckTable[Name] extends AuthorizationCheck<infer T> ? T : never };

export const runAuthorizationChecks = (context: CheckContext): Result<Checked> => {
  const values: Record<string, unknown> = {};
  for (const [name, check] of Object.entries<AuthorizationCheck<unknown>>(authorizationChecks)) {
    const result = check(context);
    if (!result.ok) return fail(result.error);
    values[name] = result.value;
  }
  // The loop has put the value of each check under its own name.
  return ok(values as Checked);
};
