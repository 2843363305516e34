import { keyEncryptionAlgorithmSchema, signingAlgorithmSchema } from '@signet/protocol';
import { z } from 'zod';
import { planId, tenantId } from '../ids.js';
import { micros } from '../instant.js';
import { request } from '../request.js';

/** Public halves of every key that the tenant ever published, less the compromised: an id_token_hint may be as old as they are. */
export const findPublicKeys = request('token', 'key', 'find-public', {
  request: z.strictObject({ tenantId }),
  response: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }),
  errors: ['not_found'],
});

/** Tenants in one request for their first keys. */
export const mostTenantsOfKeys = 5;

/** Makes each tenant's first keys where it has none. RSA generation is off the event loop; allow for it. */
export const prepareKeys = request('token', 'key', 'prepare', {
  request: z.strictObject({ planId, tenantIds: z.array(tenantId).min(1).max(mostTenantsOfKeys) }),
  response: z.object({ changes: z.int().nonnegative() }),
  timeout: 30_000,
});

/** Of signatures and of encryption to us. */
export const keyAlgorithmSchema = z.union([signingAlgorithmSchema, keyEncryptionAlgorithmSchema]);
export type KeyAlgorithm = z.infer<typeof keyAlgorithmSchema>;

/** A key of a tenant, without its private half. `published`: it is in /jwks; `inUse`: it is what signs, or what clients encrypt with, now. */
export const tenantKey = z.object({
  kid: z.string(),
  alg: z.string(),
  createdAt: micros,
  usedFrom: micros,
  published: z.boolean(),
  inUse: z.boolean(),
  /** Since then it is used and taken by nobody. */
  compromisedAt: micros.optional(),
  /** Of the newest of an algorithm: when the tenant's policy has the next one made. */
  nextMadeAt: micros.optional(),
});

/** Every key that the tenant ever had, the oldest of an algorithm first. */
export const listKeys = request('token', 'key', 'list', {
  request: z.strictObject({ tenantId }),
  response: z.object({ keys: z.array(tenantKey) }),
  errors: ['not_found'],
});

/**
 * Makes the next key of an algorithm, of each that the tenant has where none is named. The new ones are published at once and used
 * ten minutes later, when nobody's copy of /jwks can lack them any more; `immediately`: used at once.
 */
export const rotateKeys = request('token', 'key', 'rotate', {
  request: z.strictObject({ tenantId, alg: keyAlgorithmSchema.optional(), immediately: z.boolean() }),
  response: z.object({ made: z.int().nonnegative() }),
  errors: ['not_found'],
  timeout: 30_000,
});

/**
 * Has a key be replaced, as a rotation does; one that is replaced already stays as it is. `compromised`: at once, for good, with what it
 * signed. A repeat changes nothing and is answered as the first. `conflict`: others have replaced keys at the same time, again and again.
 */
export const retireKey = request('token', 'key', 'retire', {
  request: z.strictObject({
    tenantId,
    kid: z.string().max(100),
    compromised: z.boolean(),
    reason: z.string().min(1).max(100),
  }),
  response: z.object({
    alg: z.string(),
    /** What signs, or is encrypted to, in its place, and from when on. */
    successor: z.string(),
    successorUsedFrom: micros,
    /** When it leaves /jwks, or has left it. */
    publishedUntil: micros,
    /** Seconds for which others may keep /jwks. */
    cachedFor: z.int(),
  }),
  errors: ['not_found', 'conflict'],
  timeout: 30_000,
});
