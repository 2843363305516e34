import { z } from 'zod';
import { tenantId } from '../ids.js';
import { request } from '../request.js';
import { digest } from '../text.js';

/**
 * A right to register clients (RFC 7591 section 1.2). Whoever makes the token keeps it; its SHA-256 alone travels.
 * Times in seconds: `lifetime` from now on, `expiresAt` since the epoch.
 */
export const createInitialAccessToken = request('directory', 'initial-access-token', 'create', {
  request: z.strictObject({
    tenantId,
    hash: digest,
    uses: z.int().min(1).max(100_000),
    lifetime: z.int().min(1).max(315_360_000).optional(),
  }),
  response: z.object({ id: z.uuid(), expiresAt: z.int().optional() }),
});
