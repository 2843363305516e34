import type { ScimGroups } from '../groups/scim-groups.js';
import { versionsIn } from '../http/conditions.js';
import { everything } from '../schema/projection.js';
import { shown } from '../schema/read-value.js';
import type { Resource } from '../schema/resource-type.js';
import type { Asked, ScimContext } from '../scim-context.js';
import { invalid, notFound, ScimError, scimErrorBody } from '../scim-error.js';
import { entityTag } from '../scim-resource.js';
import type { ScimUsers } from '../users/scim-users.js';
import { referencesIn, resolved } from './bulk-references.js';
import type { BulkOperation, BulkRequest } from './read-bulk.js';

/** Milliseconds after which no further operation is begun: the request itself has a limit. */
const patience = 3_000;

/** A failure of one operation, as its response has it. */
export interface ToldFailure {
  readonly status: number;
  readonly body: object;
}

export interface ScimBulkDependencies {
  readonly users: ScimUsers;
  readonly groups: ScimGroups;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
  /** Tells what was thrown and is no ScimError. */
  readonly tell: (thrown: unknown) => ToldFailure;
}

interface Done {
  readonly status: 200 | 201 | 204;
  readonly location: string;
  readonly version?: number;
}

/**
 * Operations one after the other, each a change of its own; one that refers to another's bulkId comes after that. Those that
 * are left when `failOnErrors` have failed are not begun, and not answered (RFC 7644 section 3.7.3).
 */
export class ScimBulk {
  constructor(private readonly on: ScimBulkDependencies) {}

  async run(context: ScimContext, { operations, failOnErrors }: BulkRequest): Promise<Resource> {
    const until = this.on.monotonic() + patience;
    const answers = new Map<BulkOperation, Resource>();
    const made = new Map<string, string>();
    let errors = 0;
    for (let pending = operations; pending.length > 0 && errors < failOnErrors;) {
      const next = pending.find((operation) => !waitsFor(operation, pending));
      const operation = next ?? pending[0];
      if (!operation) break;
      pending = pending.filter((one) => one !== operation);
      try {
        if (!next) throw new ScimError(409, undefined, 'Operations refer to each other in a circle');
        if (this.on.monotonic() > until) throw new ScimError(503, undefined, 'There was no time left for it');
        const done = await this.#do(context, operation, made);
        if (operation.bulkId !== undefined) made.set(operation.bulkId, idIn(done.location));
        answers.set(operation, succeeded(operation, done));
      } catch (thrown) {
        errors += 1;
        answers.set(operation, failed(operation, this.#tell(thrown)));
      }
    }
    return {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkResponse'],
      Operations: operations.flatMap((operation) => answers.get(operation) ?? []),
    };
  }

  async #do(context: ScimContext, operation: BulkOperation, made: ReadonlyMap<string, string>): Promise<Done> {
    const { method, path, version, bulkId } = operation;
    const [, endpoint, sent, ...more] = path.split('/');
    const resources = endpoint === 'Users' ? this.on.users : endpoint === 'Groups' ? this.on.groups : undefined;
    if (!resources || more.length > 0) throw invalid('invalidPath', `There is no resource at “${shown(path)}”`);
    const data = resolved(operation.data, made);
    const asked: Asked = { ifMatch: versionsIn(version), projection: everything };
    if (method === 'POST' && !sent) {
      // "REQUIRED when "method" is "POST"" (section 3.7).
      if (bulkId === undefined) throw invalid('invalidSyntax', 'A POST has a bulkId');
      const { location, version: first } = await resources.create(context, data, asked);
      return { status: 201, location, version: first };
    }
    if (!sent) throw notFound();
    const id = String(resolved(sent, made));
    const location = `${context.base}/${endpoint}/${id}`;
    switch (method) {
      case 'PUT':
        return { status: 200, location, version: (await resources.replace(context, id, data, asked)).version };
      case 'PATCH':
        return { status: 200, location, version: await versionOf(resources.patch(context, id, data, asked)) };
      case 'DELETE':
        await resources.remove(context, id, asked);
        return { status: 204, location };
      default:
        throw new ScimError(405, undefined, `${shown(method)} is no method of a bulk operation`);
    }
  }

  #tell(thrown: unknown): ToldFailure {
    if (!(thrown instanceof ScimError)) return this.on.tell(thrown);
    const { status, scimType, message } = thrown;
    return { status, body: scimErrorBody(status, scimType, message) };
  }
}

/** Whether it refers to what another one, which has not had its turn, is to make. */
function waitsFor(operation: BulkOperation, pending: readonly BulkOperation[]): boolean {
  const ids = new Set(referencesIn([operation.data, operation.path.split('/')[2]]));
  return pending.some(({ bulkId }) => bulkId !== undefined && ids.has(bulkId));
}

async function versionOf(patched: Promise<number | { readonly version: number }>): Promise<number> {
  const result = await patched;
  return typeof result === 'number' ? result : result.version;
}

const idIn = (location: string): string => location.slice(location.lastIndexOf('/') + 1);

const toldOf = ({ method, bulkId }: BulkOperation): Resource => ({ method, ...(bulkId !== undefined && { bulkId }) });

/** Section 3.7: "status … The HTTP response status code for the requested operation." */
const succeeded = (operation: BulkOperation, { status, location, version }: Done): Resource => ({
  ...toldOf(operation),
  location,
  ...(version !== undefined && { version: entityTag(version) }),
  status: String(status),
});

const failed = (operation: BulkOperation, { status, body }: ToldFailure): Resource => ({
  ...toldOf(operation),
  status: String(status),
  response: body,
});
