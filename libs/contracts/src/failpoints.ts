/**
 * Named points at which a test kills the process (`SIGNET_FAILPOINT=<name>[:<detail>]`).
 * The detail is a statement's name, a request's subject or an HTTP route.
 */
export const failpointNames = [
  'before-commit',
  'after-commit',
  'before-publish',
  'after-publish',
  'before-confirm',
  'after-confirm',
  'before-raise',
  'after-raise',
  'before-respond',
] as const;

export type FailpointName = (typeof failpointNames)[number];
export type Failpoint = (name: FailpointName, detail: string) => void;
