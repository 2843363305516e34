import { classify, type ServiceLogger } from '@signet/service';
import { scimErrorBody } from '../scim-error.js';
import type { ToldFailure } from './scim-bulk.js';

/** What was nobody's fault: told of one operation as it is of a request. */
export function tellFailure(thrown: unknown, logger: Pick<ServiceLogger, 'error'>): ToldFailure {
  const known = classify(thrown);
  if (!known) logger.error('scim.bulk_operation_failed', { error: thrown });
  const { status, description } = known ?? { status: 500, description: 'Something went wrong' };
  return { status, body: scimErrorBody(status, undefined, description) };
}
