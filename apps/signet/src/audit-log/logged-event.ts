export interface LoggedEvent {
  readonly id: string;
  readonly source: unknown;
  readonly type: string;
  readonly tenant: string;
  readonly aggregate: string;
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isPlace = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** An entry as an event of Signet; undefined for what is none. Needs nothing but the bytes. */
export function readEvent(entry: Uint8Array): LoggedEvent | undefined {
  try {
    const read: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(entry));
    if (!isRecord(read)) return undefined;
    const { id, source, type, tenant, aggregate, aggregateversion: version, data } = read;
    if (typeof id !== 'string' || typeof type !== 'string' || typeof tenant !== 'string') return undefined;
    if (typeof aggregate !== 'string' || !isPlace(version) || version < 1 || version >= 2 ** 32) return undefined;
    return { id, source, type, tenant, aggregate, version, data: isRecord(data) ? data : {} };
  } catch {
    return undefined;
  }
}
