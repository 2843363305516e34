import { z } from 'zod';
import { micros } from '../instant.js';
import { defineEvent } from '../events/definition.js';

const scopes = z.array(z.string());

/** Names nothing of what is asked for, which may be personal. */
export const requestPushed = defineEvent('token', 'request', 'pushed', {
  occurs: 'a client pushed an authorization request',
  data: z.object({}),
});

export const codeIssued = defineEvent('token', 'code', 'issued', {
  occurs: 'an authorization code was made',
  data: z.object({ scopes }),
});

/** Beside `code.issued` where there is a code too. */
export const frontChannelIssued = defineEvent('token', 'front-channel', 'issued', {
  occurs: 'the authorization endpoint itself gave tokens to a client, by way of the browser',
  data: z.object({
    scopes,
    /** What the access token rests on, and its name; null where there is none. */
    instance: z.string().nullable(),
    jti: z.string().nullable(),
    idToken: z.boolean(),
  }),
});

/** Also the record of the tokens that the redemption issued. */
export const codeRedeemed = defineEvent('token', 'code', 'redeemed', {
  occurs: 'a code was exchanged for tokens',
  data: z.object({ instance: z.string(), family: z.string().nullable(), jti: z.string() }),
});

export const codeReplayed = defineEvent('token', 'code', 'replayed', {
  occurs: 'a spent code was presented again; when by its own client, what it gave is revoked',
  outcome: 'failure',
  data: z.object({ revoked: z.boolean() }),
});

export const codeRefused = defineEvent('token', 'code', 'refused', {
  occurs: 'a code was refused: expired, or with a wrong client, redirect_uri or verifier',
  outcome: 'failure',
  data: z.object({}),
});

export const grantCreated = defineEvent('token', 'grant', 'created', {
  occurs: 'a person agreed to a client for the first time',
  data: z.object({ scopes }),
});

export const grantExtended = defineEvent('token', 'grant', 'extended', {
  occurs: 'a person agreed again to a client that they had agreed to before, to the same or to more',
  data: z.object({ scopes }),
});

export const grantRevoked = defineEvent('token', 'grant', 'revoked', {
  occurs: 'what a person had agreed to was taken back, by them or for them',
  data: z.object({}),
});

export const deviceRequested = defineEvent('token', 'device', 'requested', {
  occurs: 'a device asked for a person to approve it',
  data: z.object({ scopes }),
});

export const deviceApproved = defineEvent('token', 'device', 'approved', {
  occurs: 'a person approved the device that shows a user code',
  data: z.object({ scopes }),
});

export const deviceDenied = defineEvent('token', 'device', 'denied', {
  occurs: 'a person said no to the device that shows a user code',
  outcome: 'failure',
  data: z.object({}),
});

/** Also the record of the tokens that the redemption issued. */
export const deviceRedeemed = defineEvent('token', 'device', 'redeemed', {
  occurs: 'a device code was exchanged for tokens',
  data: z.object({ instance: z.string(), family: z.string().nullable(), jti: z.string() }),
});

export const deviceReplayed = defineEvent('token', 'device', 'replayed', {
  occurs: 'a client presented its spent device code again: what it gave is revoked',
  outcome: 'failure',
  data: z.object({}),
});

export const deviceRefused = defineEvent('token', 'device', 'refused', {
  occurs: 'a device code was refused; `reason` tells why',
  outcome: 'failure',
  data: z.object({}),
});

export const tokenIssued = defineEvent('token', 'token', 'issued', {
  occurs: 'an access token was issued to a client for itself',
  data: z.object({ jti: z.string(), scopes, audience: z.array(z.string()) }),
});

/** Covers the access token issued with it. */
export const familyRotated = defineEvent('token', 'family', 'rotated', {
  occurs: 'a refresh token was exchanged for its successor',
  data: z.object({ jti: z.string(), generation: z.int().optional() }),
});

export const familyRepeated = defineEvent('token', 'family', 'repeated', {
  occurs: 'a refresh token was presented again within its grace; the same successor was given',
  data: z.object({ jti: z.string(), generation: z.int().optional() }),
});

export const familyReused = defineEvent('token', 'family', 'reused', {
  occurs: 'a spent refresh token came back; its family was ended',
  outcome: 'failure',
  data: z.object({ presented: z.int() }),
});

export const familyEnded = defineEvent('token', 'family', 'ended', {
  occurs: 'a refresh token family was ended',
  data: z.object({}),
});

export const refreshRefused = defineEvent('token', 'refresh', 'refused', {
  occurs: 'a refresh token was refused; `reason` tells why',
  outcome: 'failure',
  data: z.object({}),
});

export const revocationRaised = defineEvent('token', 'revocation', 'raised', {
  occurs: 'a revocation floor was committed',
  data: z.object({
    kind: z.string(),
    key: z.string(),
    version: z.int().optional(),
    raise: z.string(),
    /** Of a floor that has a time: what signed in up to then is dead. Microseconds; it is dated once more after its commit. */
    at: micros.optional(),
    /** The one session that an account's floor leaves alone. */
    spared: z.string().optional(),
  }),
});

export const keyCreated = defineEvent('token', 'key', 'created', {
  occurs: 'a key of a tenant was made; `reason` is requested or policy where it replaces another',
  class: 'administration',
  data: z.object({
    kid: z.string(),
    alg: z.string(),
    /** Seconds for which it is published before it is used. */
    publishedAhead: z.int().nonnegative().optional(),
  }),
});

export const clientRefused = defineEvent('token', 'client', 'refused', {
  occurs: 'a client failed to authenticate, or asked for what it may not have',
  outcome: 'failure',
  data: z.object({ endpoint: z.string() }),
});

/** Beyond ten a minute per tenant, reason and network, refusals are counted and told once a minute. */
export const clientRefusalsSummarised = defineEvent('token', 'client', 'refusals-summarised', {
  occurs: 'a minute with more than ten refusals of one reason from one network has passed',
  outcome: 'failure',
  data: z.object({ count: z.int().positive(), from: z.string(), to: z.string() }),
});

export const grantsErased = defineEvent('token', 'grants', 'erased', {
  occurs: 'what an erased account had agreed to was deleted',
  data: z.object({ grants: z.int().nonnegative() }),
});
