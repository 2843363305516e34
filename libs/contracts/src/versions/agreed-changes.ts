import type { AgreedChange } from './message-forms.js';

/**
 * Changes of released messages that two versions get along with all the same, each with how: a variant that is answered to those alone who ask for it by a
 * new member, a member that no version that may still run reads.
 */
export const agreedChanges: readonly AgreedChange[] = [];
