import { randomText, systemRandom } from '@signet/keys';

/** A `jti` for an access token: 128 random bits. */
export const newTokenId = (): string => randomText(systemRandom, 16);
