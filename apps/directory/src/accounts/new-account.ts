/** Bytes: the subject that clients see is random, never reused and never the id. */
export const subLength = 16;
