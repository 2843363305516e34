import { z } from 'zod';
import { defineEvent } from '../events/definition.js';
import { amr, refusalSummary, scopes, username } from '../events/fields.js';

export const signInSucceeded = defineEvent('authn', 'sign-in', 'succeeded', {
  occurs: 'a person proved who they are',
  data: z.object({ amr }),
  personal: z.object({ username }),
});

export const signInFailed = defineEvent('authn', 'sign-in', 'failed', {
  occurs: 'a sign-in was refused; `reason` tells why, the page did not',
  outcome: 'failure',
  data: z.object({}),
  personal: z.object({ username }),
});

export const signInFailuresSummarised = defineEvent('authn', 'sign-in', 'failures-summarised', {
  occurs: 'a minute with more than ten refused sign-ins of one reason from one network has passed',
  outcome: 'failure',
  data: refusalSummary,
});

export const consentDenied = defineEvent('authn', 'consent', 'denied', {
  occurs: 'a person said no to a client',
  outcome: 'failure',
  data: z.object({ scopes }),
});

export const authorizationRefused = defineEvent('authn', 'authorization', 'refused', {
  occurs:
    'the authorization endpoint refused a request of a client: unknown, disabled, with a redirect_uri that is not its own, or for what it may not have',
  outcome: 'failure',
  data: z.object({
    error: z
      .string()
      .meta({ description: 'The error code of OAuth 2.0 or OpenID Connect.', examples: ['invalid_scope'] }),
  }),
});

export const authorizationRefusalsSummarised = defineEvent('authn', 'authorization', 'refusals-summarised', {
  occurs: 'a minute with more than ten refused authorization requests of one reason from one network has passed',
  outcome: 'failure',
  data: refusalSummary,
});

export const userCodeRefused = defineEvent('authn', 'user-code', 'refused', {
  occurs: 'a person typed a user code that no waiting device shows, or too many of them',
  outcome: 'failure',
  data: z.object({}),
});

export const userCodeRefusalsSummarised = defineEvent('authn', 'user-code', 'refusals-summarised', {
  occurs: 'a minute with more than ten refused user codes of one reason from one network has passed',
  outcome: 'failure',
  data: refusalSummary,
});

export const passwordChanged = defineEvent('authn', 'password', 'changed', {
  occurs: "an account's password was set or replaced",
  data: z.object({ by: z.enum(['administrator', 'configuration', 'setup']).meta({ description: 'By which way.' }) }),
});

export const credentialsErased = defineEvent('authn', 'credentials', 'erased', {
  occurs: 'what an erased account could sign in with was deleted',
  data: z.object({}),
});

export const authnStateRestored = defineEvent('authn', 'state', 'restored', {
  occurs: "a backup was restored, and the code of the tenant's first administrator that it held was ended",
  class: 'administration',
  data: z.object({}),
});

export const setupOpened = defineEvent('authn', 'setup', 'opened', {
  occurs: 'the operator made a one-time code, with which the first administrator is made',
  class: 'administration',
  data: z.object({
    lifetime: z
      .int()
      .positive()
      .meta({ description: 'Seconds for which the code is good.', examples: [86_400] }),
  }),
});

export const setupClaimed = defineEvent('authn', 'setup', 'claimed', {
  occurs: 'somebody gave the set-up code, and said who the first administrator is; the code is spent',
  class: 'administration',
  data: z.object({}),
  personal: z.object({ username }),
});

export const setupFinished = defineEvent('authn', 'setup', 'finished', {
  occurs: 'the first administrator was made',
  class: 'administration',
  data: z.object({}),
});

export const setupReleased = defineEvent('authn', 'setup', 'released', {
  occurs: 'nobody could be made of what was said with the set-up code; `reason` tells why, and the code is as it was',
  class: 'administration',
  data: z.object({}),
});

export const setupRefused = defineEvent('authn', 'setup', 'refused', {
  occurs: 'something else than the set-up code was given for it',
  outcome: 'failure',
  class: 'administration',
  data: z.object({}),
});

export const setupRefusalsSummarised = defineEvent('authn', 'setup', 'refusals-summarised', {
  occurs: 'a minute with more than ten refusals of one reason from one network has passed',
  outcome: 'failure',
  class: 'administration',
  data: refusalSummary,
});
