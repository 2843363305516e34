export const serviceNames = ['authn', 'token', 'session', 'directory', 'audit'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** A NATS user: a service, or the operator's command line. */
export type Principal = ServiceName | 'operator';
