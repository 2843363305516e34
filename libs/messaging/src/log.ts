export type LogLevel = 'info' | 'warn' | 'error';

/** Where this library writes: an event name and fields. Never a payload, a header's value or a credential. */
export type Log = (level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>) => void;

export const silent: Log = () => undefined;
