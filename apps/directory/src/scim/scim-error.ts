/** RFC 7644 section 3.12, table 9, with what section 3.5.2 and RFC 7643 add. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'sensitive';

export interface ScimErrorBody {
  readonly schemas: readonly ['urn:ietf:params:scim:api:messages:2.0:Error'];
  /** "The HTTP status code expressed as a JSON string." */
  readonly status: string;
  readonly scimType?: ScimType;
  readonly detail: string;
}

/** What a provisioning client did that cannot be done; thrown, so that the transaction of a change is taken back with it. */
export class ScimError extends Error {
  override readonly name = 'ScimError';

  /** `detail` is public. */
  constructor(
    readonly status: number,
    readonly scimType: ScimType | undefined,
    detail: string,
  ) {
    super(detail);
  }
}

export const invalid = (scimType: ScimType, detail: string): ScimError => new ScimError(400, scimType, detail);

export const notFound = (detail = 'There is no such resource'): ScimError => new ScimError(404, undefined, detail);

// "A "409" … with a scimType of "uniqueness"" (RFC 7644 section 3.3).
export const taken = (detail: string): ScimError => new ScimError(409, 'uniqueness', detail);

export const stale = (): ScimError => new ScimError(412, undefined, 'The resource has another version by now');

export function scimErrorBody(status: number, scimType: ScimType | undefined, detail: string): ScimErrorBody {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
    ...(scimType && { scimType }),
    detail,
  };
}

/** A request that is not let through; `headers` say what would be. */
export class ScimRefusal extends ScimError {
  constructor(
    status: number,
    detail: string,
    readonly headers: Readonly<Record<string, string>>,
  ) {
    super(status, undefined, detail);
  }
}
