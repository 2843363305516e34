import type { ProblemError } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import { Conflict, StatementFailed } from '@signet/persistence';
import { wireNameOf } from '@signet/protocol';
import { ManagementProblem, nothingThere } from '@signet/service';
import type { Fault } from '../configuration/faults/fault.js';

/** Members whose declared name is not that of the wire, beside those of clients' metadata. */
const wireNames: Readonly<Record<string, string>> = {
  displayName: 'display_name',
  resourceServer: 'resource_server',
  accessTokenSigningAlg: 'access_token_signing_alg',
  statusList: 'status_list',
  secretHashes: 'token_endpoint_auth_method',
  sealedSecrets: 'token_endpoint_auth_method',
  clientId: 'client_id',
  requirePkce: 'require_pkce',
};

function membersOf([first, ...rest]: Fault['path']): Fault['path'] {
  if (first === undefined) return [];
  // Claims are members of an account; lifetimes are said in one member each.
  if (first === 'claims') return rest;
  if (first === 'policies') return ['policies', `${rest.join('_')}_seconds`];
  return [wireNames[first] ?? wireNameOf(String(first)), ...rest];
}

const pointerOf = (path: Fault['path']): string =>
  membersOf(path)
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');

/** What is wrong with one object, whose faults lie `depth` below the path's head. A conflict where it is what is stored that stands against it. */
export function problemOfFaults(faults: readonly Fault[], depth: number): ManagementProblem {
  const errors = faults.map(({ path, message }): ProblemError => ({
    pointer: pointerOf(path.slice(depth)),
    detail: message,
  }));
  return faults.every(({ stored }) => stored === true)
    ? new ManagementProblem('conflict', 'Something that is there stands against it', { errors })
    : new ManagementProblem('invalid-object', 'The object is not valid', { errors });
}

export const nameTaken = (member: string): ManagementProblem =>
  new ManagementProblem('conflict', 'Another object has this name', {
    errors: [{ pointer: `/${member}`, detail: 'is taken' }],
  });

/** What names an object for others, in files too, does not change. */
export function ensureSame(before: unknown, after: unknown, member: string): void {
  if (before === after) return;
  throw new ManagementProblem('invalid-object', 'The object is not valid', {
    errors: [{ pointer: `/${member}`, detail: 'does not change' }],
  });
}

/** PostgreSQL appendix A: somebody has meanwhile deleted what the object refers to. */
const foreignKeyViolation = '23503';

/** What changes at the same time end in, and what is said of permissions that are given still. */
export function refuseConflicts(error: unknown): never {
  if (error instanceof Conflict) {
    throw new ManagementProblem('conflict', 'Another object has this name', { cause: error });
  }
  if (error instanceof StatementFailed && error.code === foreignKeyViolation) {
    throw new ManagementProblem('conflict', 'What it refers to has gone meanwhile', { cause: error });
  }
  if (error instanceof MeshError && error.code === 'not_found') throw nothingThere();
  if (error instanceof MeshError && error.code === 'failed_precondition') {
    throw new ManagementProblem('in-use', 'A role gives a permission that would be taken away', { cause: error });
  }
  throw error;
}
