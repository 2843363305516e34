/** RFC 7643 section 5. */
export const bulkLimits = { maxOperations: 100, maxPayloadSize: 1_048_576 } as const;
