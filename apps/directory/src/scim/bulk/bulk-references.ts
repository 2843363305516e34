const prefix = 'bulkId:';

/** Of all texts in `data` that refer to another operation, its bulkId (RFC 7644 section 3.7.2). */
export function referencesIn(data: unknown): string[] {
  if (typeof data === 'string') return data.startsWith(prefix) ? [data.slice(prefix.length)] : [];
  if (typeof data !== 'object' || data === null) return [];
  return Object.values(data).flatMap(referencesIn);
}

/** `data` with the ids of what the operations have made. */
export function resolved(data: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (typeof data === 'string') return data.startsWith(prefix) ? (ids.get(data.slice(prefix.length)) ?? data) : data;
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map((one) => resolved(one, ids));
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, resolved(value, ids)]));
}
