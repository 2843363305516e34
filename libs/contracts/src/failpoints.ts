/**
 * Named points at which a test kills the process (`SIGNET_FAILPOINT=<name>[:<detail>]`, or `@<file>` and the same in the file once it is wanted).
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
