import { ManagementProblem } from './management-problem.js';

const list = /^(?:W\/)?"[\x21\x23-\x7e]*"(?:[ \t]*,[ \t]*(?:W\/)?"[\x21\x23-\x7e]*")*$/;

/** The entity tag of a version of an object: strong (RFC 9110 section 8.8.3). */
export const entityTag = (version: number): string => `"${version}"`;

/** A field's entity tags as they stand there; undefined where it is absent. */
function tagsOf(field: string | undefined, name: string): readonly string[] | '*' | undefined {
  const value = field?.trim();
  if (value === undefined || value === '*') return value;
  if (!list.test(value)) throw new ManagementProblem('invalid-request', `${name} is malformed`);
  return value.match(/(?:W\/)?"[^"]*"/g) ?? [];
}

/** RFC 9110 section 13.1.1. */
export class Precondition {
  readonly #tags: readonly string[] | '*' | undefined;

  /** `ifMatch`: the field as it came. Throws where it is malformed. */
  constructor(ifMatch: string | undefined) {
    this.#tags = tagsOf(ifMatch, 'If-Match');
  }

  /** Throws where the caller means another version than that of the object, which must be locked by now. */
  ensure(version: number): void {
    // By strong comparison, in which a weak tag equals nothing (section 8.8.3.2).
    if (this.#tags === undefined || this.#tags === '*' || this.#tags.includes(entityTag(version))) return;
    throw new ManagementProblem('stale', `The object is at ${entityTag(version)} by now`);
  }
}

/** RFC 9110 section 13.1.2: whether the caller has this version already. By weak comparison. */
export function isNotModified(ifNoneMatch: string | undefined, version: number): boolean {
  const tags = tagsOf(ifNoneMatch, 'If-None-Match');
  if (tags === undefined) return false;
  return tags === '*' || tags.some((tag) => tag.replace(/^W\//, '') === entityTag(version));
}
