import { randomBytes } from 'node:crypto';
import type { Random } from '@signet/protocol';
import { encodeBase64url } from './base64url.js';

export const systemRandom: Random = { bytes: (length) => randomBytes(length) };

/** `bytes` random bytes as base64url: 32 make 43 characters. */
export const randomText = (random: Random, bytes: number): string => encodeBase64url(random.bytes(bytes));
