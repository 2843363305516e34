import { z } from 'zod';
import { micros } from '../instant.js';
import { defineEvent } from '../events/definition.js';
import { family, generation, instance, jti, refusalSummary, scopes } from '../events/fields.js';

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
    instance: instance.nullable().describe('What the access token rests on; null where there is none.'),
    jti: jti.nullable().describe('The `jti` of the access token; null where there is none.'),
    idToken: z.boolean().describe('Whether an ID token was given.'),
  }),
});

/** Also the record of the tokens that the redemption issued. */
export const codeRedeemed = defineEvent('token', 'code', 'redeemed', {
  occurs: 'a code was exchanged for tokens',
  data: z.object({ instance, family, jti }),
});

export const codeReplayed = defineEvent('token', 'code', 'replayed', {
  occurs: 'a spent code was presented again; when by its own client, what it gave is revoked',
  outcome: 'failure',
  data: z.object({ revoked: z.boolean().describe('Whether what it gave was revoked.') }),
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
  data: z.object({ instance, family, jti }),
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
  data: z.object({
    jti,
    scopes,
    audience: z.array(z.string()).meta({ description: 'Its `aud`.', examples: [['https://api.example']] }),
  }),
});

/** Covers the access token issued with it. */
export const familyRotated = defineEvent('token', 'family', 'rotated', {
  occurs: 'a refresh token was exchanged for its successor',
  data: z.object({ jti, generation }),
});

export const familyRepeated = defineEvent('token', 'family', 'repeated', {
  occurs: 'a refresh token was presented again within its grace; the same successor was given',
  data: z.object({ jti, generation }),
});

export const familyReused = defineEvent('token', 'family', 'reused', {
  occurs: 'a spent refresh token came back; its family was ended',
  outcome: 'failure',
  data: z.object({
    presented: z.int().meta({ description: 'The generation of the refresh token that came back.', examples: [2] }),
  }),
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
    kind: z.string().meta({
      description:
        'What it ends: `token`, `instance`, `session`, `grant`, `account`, `client`, `tenant`, or versions of a copy.',
      examples: ['session'],
    }),
    key: z.string().meta({
      description: 'The id of what it ends, in its kind.',
      examples: ['0198c5a0-7c1e-7b7a-9d2f-1c2d3e4f5a6b'],
    }),
    version: z
      .int()
      .optional()
      .meta({ description: 'Of a floor of versions: older copies may not be used.', examples: [4] }),
    raise: z.string().meta({
      description: 'The id of the event that it follows from, or of the raise itself; a repeat changes nothing.',
      examples: ['0198c5a0-7c1e-7b7a-9d2f-1c2d3e4f5a6c'],
    }),
    at: micros.optional().meta({
      description:
        'Of a floor that has a time: what signed in up to then is dead. Microseconds since the epoch; it is dated once more after its commit.',
      examples: [1_795_694_400_000_000],
    }),
    spared: z
      .string()
      .optional()
      .meta({
        description: "The one session that an account's floor leaves alone.",
        examples: ['0198c5a0-7c1e-7b7a-9d2f-1c2d3e4f5a6d'],
      }),
  }),
});

export const keyCreated = defineEvent('token', 'key', 'created', {
  occurs: 'a key of a tenant was made; `reason` is requested, policy or compromised where it replaces another',
  class: 'administration',
  data: z.object({
    kid: z.string().meta({ description: 'The `kid` of its public half.', examples: ['3oX1yq9nS0b7uV4kQm2tZw'] }),
    alg: z.string().meta({ description: 'Its algorithm (RFC 7518).', examples: ['ES256'] }),
    publishedAhead: z
      .int()
      .nonnegative()
      .optional()
      .meta({ description: 'Seconds for which it is published before it is used.', examples: [86_400] }),
  }),
});

/** Beside the tenant's floor, which ends sessions, tokens, codes and refresh tokens. */
export const tokenStateRestored = defineEvent('token', 'state', 'restored', {
  occurs: 'a backup was restored, and what rests on it was ended: everybody signs in and agrees anew',
  class: 'administration',
  data: z.object({
    epoch: z
      .int()
      .positive()
      .meta({ description: 'Of refresh tokens from now on.', examples: [2] }),
    consents: z
      .int()
      .nonnegative()
      .meta({ description: 'How many were forgotten.', examples: [310] }),
  }),
});

export const keyCompromised = defineEvent('token', 'key', 'compromised', {
  occurs:
    'a key of a tenant that became known was taken out of use: its private half is erased, and what it signed is good for nothing',
  class: 'administration',
  data: z.object({
    kid: z.string().meta({ description: 'The `kid` of its public half.', examples: ['3oX1yq9nS0b7uV4kQm2tZw'] }),
    alg: z.string().meta({ description: 'Its algorithm (RFC 7518).', examples: ['ES256'] }),
    successor: z
      .string()
      .optional()
      .meta({
        description: 'The `kid` of the key that was made in its place; absent where another was in use already.',
        examples: ['8fT2mB6cJw4hR1zXkL9pQa'],
      }),
  }),
});

export const clientRefused = defineEvent('token', 'client', 'refused', {
  occurs: 'a client failed to authenticate, or asked for what it may not have',
  outcome: 'failure',
  data: z.object({
    endpoint: z.string().meta({ description: 'The endpoint, by its path without the slash.', examples: ['token'] }),
  }),
});

export const clientRefusalsSummarised = defineEvent('token', 'client', 'refusals-summarised', {
  occurs: 'a minute with more than ten refusals of one reason from one network has passed',
  outcome: 'failure',
  data: refusalSummary,
});

export const grantsErased = defineEvent('token', 'grants', 'erased', {
  occurs: 'what an erased account had agreed to was deleted',
  data: z.object({
    grants: z
      .int()
      .nonnegative()
      .meta({ description: 'How many.', examples: [3] }),
  }),
});
