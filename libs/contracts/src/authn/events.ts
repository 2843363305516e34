import { z } from 'zod';
import { defineEvent } from '../events/definition.js';
import { text } from '../text.js';

export const signInSucceeded = defineEvent('authn', 'sign-in', 'succeeded', {
  occurs: 'a person proved who they are',
  data: z.object({ amr: z.array(z.string()) }),
  personal: z.object({ username: text(320) }),
});

export const signInFailed = defineEvent('authn', 'sign-in', 'failed', {
  occurs: 'a sign-in was refused; `reason` tells why, the page did not',
  outcome: 'failure',
  data: z.object({}),
  personal: z.object({ username: text(320) }),
});

/** Beyond ten a minute per tenant, reason and network, failures are counted and told once a minute. */
export const signInFailuresSummarised = defineEvent('authn', 'sign-in', 'failures-summarised', {
  occurs: 'a minute with more than ten refused sign-ins of one reason from one network has passed',
  outcome: 'failure',
  data: z.object({ count: z.int().positive(), from: z.string(), to: z.string() }),
});

export const consentDenied = defineEvent('authn', 'consent', 'denied', {
  occurs: 'a person said no to a client',
  outcome: 'failure',
  data: z.object({ scopes: z.array(z.string()) }),
});

export const passwordChanged = defineEvent('authn', 'password', 'changed', {
  occurs: "an account's password was set or replaced",
  data: z.object({ by: z.enum(['administrator', 'configuration', 'setup']) }),
});

export const credentialsErased = defineEvent('authn', 'credentials', 'erased', {
  occurs: 'what an erased account could sign in with was deleted',
  data: z.object({}),
});

export const setupOpened = defineEvent('authn', 'setup', 'opened', {
  occurs: 'the operator made a one-time code, with which the first administrator is made',
  class: 'administration',
  /** Seconds. */
  data: z.object({ lifetime: z.int().positive() }),
});

export const setupClaimed = defineEvent('authn', 'setup', 'claimed', {
  occurs: 'somebody gave the set-up code, and said who the first administrator is; the code is spent',
  class: 'administration',
  data: z.object({}),
  personal: z.object({ username: text(320) }),
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

/** Beyond ten a minute per tenant, reason and network, refusals are counted and told once a minute. */
export const setupRefusalsSummarised = defineEvent('authn', 'setup', 'refusals-summarised', {
  occurs: 'a minute with more than ten refusals of one reason from one network has passed',
  outcome: 'failure',
  class: 'administration',
  data: z.object({ count: z.int().positive(), from: z.string(), to: z.string() }),
});
