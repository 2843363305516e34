import type { UnrecordedChanges } from '@signet/testing';

/** Changes of token's tables that need no event of their own. */
export const unrecorded: UnrecordedChanges = {
  // Re-dating, in the same call as the raise that is recorded; forgetting, which gives nothing back.
  'token.floor': { operations: ['delete'], columns: ['at', 'changed_at'] },
  'token.raise': { operations: ['delete'], columns: ['redated_at'] },
  // Sealed anew: the same key.
  'token.tenant_key': { columns: ['private'] },
  // A proof that was brought; what it was brought for is recorded.
  'token.dpop_proof': { operations: ['insert'] },
  // A poll that changes nothing but when the next may come.
  'token.device': { columns: ['polled_at', 'polled', 'poll_interval'] },
  // Families that are over; those that only expired are recorded all the same.
  'token.family': { operations: ['delete'] },
  // Said with what the client then did.
  'token.spent_assertion': { operations: ['insert'] },
  // Numbers that nothing rests on yet.
  'token.status_lease': 'any',
  // Only what is over goes.
  'token.idempotency_key': { operations: ['delete'] },
};
