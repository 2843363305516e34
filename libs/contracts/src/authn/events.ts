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
  data: z.object({}),
  personal: z.object({ username: text(320) }),
});

/** Beyond ten a minute per tenant, reason and network, failures are counted and told once a minute. */
export const signInFailuresSummarised = defineEvent('authn', 'sign-in', 'failures-summarised', {
  occurs: 'a minute with more than ten refused sign-ins of one reason from one network has passed',
  data: z.object({ count: z.int().positive(), from: z.string(), to: z.string() }),
});

export const consentDenied = defineEvent('authn', 'consent', 'denied', {
  occurs: 'a person said no to a client',
  data: z.object({ scopes: z.array(z.string()) }),
});

export const passwordChanged = defineEvent('authn', 'password', 'changed', {
  occurs: "an account's password was set or replaced",
  data: z.object({ by: z.enum(['administrator', 'configuration']) }),
});

export const credentialsErased = defineEvent('authn', 'credentials', 'erased', {
  occurs: 'what an erased account could sign in with was deleted',
  data: z.object({}),
});
