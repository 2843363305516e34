import { z } from 'zod';
import { accountId, tenantId } from '../ids.js';
import { request } from '../request.js';
import { text } from '../text.js';

const asked = z.strictObject({
  tenantId,
  /** A deleted account is found by its identifier too; an erased one has none. */
  account: z.union([z.strictObject({ accountId }), z.strictObject({ identifier: text(320, 1) })]),
});

const became = z.object({ accountId, changed: z.boolean() });

/** It signs in nowhere any more, and everything of it ends; within the tenant's grace period it can be restored. */
export const deleteAccountByOperator = request('directory', 'account', 'delete', {
  request: asked,
  response: became,
  errors: ['not_found'],
});

/** `failed_precondition`: it was not deleted, or its grace period is over. */
export const restoreAccountByOperator = request('directory', 'account', 'restore', {
  request: asked,
  response: became,
  errors: ['not_found', 'failed_precondition'],
});

/** At once and for good (docs/erasure.md). */
export const eraseAccountByOperator = request('directory', 'account', 'erase', {
  request: asked,
  response: became,
  errors: ['not_found'],
});
