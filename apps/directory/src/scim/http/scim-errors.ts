import type { ErrorForm, PageFailure, ToldError } from '@signet/service';
import { ScimError, scimErrorBody, ScimRefusal } from '../scim-error.js';

const type = 'application/scim+json; charset=utf-8';

/** RFC 7644 section 3.12: how everything below `/scim` fails, what never reaches a handler among it. */
export const scimErrors: ErrorForm = {
  path: '/scim',
  ofThrown: (thrown) =>
    thrown instanceof ScimError
      ? {
          ...{ status: thrown.status, type, body: scimErrorBody(thrown.status, thrown.scimType, thrown.message) },
          ...(thrown instanceof ScimRefusal && { headers: thrown.headers }),
        }
      : undefined,
  ofFailure,
};

function ofFailure({ kind, status, description, traceId }: PageFailure): ToldError {
  const detail = kind === 'server-error' ? `${description} (${traceId})` : description;
  const scimType = status === 400 ? 'invalidSyntax' : undefined;
  return { status, type, body: scimErrorBody(status, scimType, detail) };
}
