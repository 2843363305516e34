import { attribute, complex, type Attribute } from './attribute.js';

export interface Schema {
  /** Its URN. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

/** A resource as it is between the wire and the directory: names as the schema has them, an extension's members below its URN. */
export type Resource = Record<string, unknown>;

/** RFC 7643 section 3.1: what every resource has, and no schema lists. */
const common: readonly Attribute[] = [
  attribute('id', '', { mutability: 'readOnly', returned: 'always', caseExact: true }),
  attribute('externalId', '', { caseExact: true, uniqueness: 'server', maxLength: 255 }),
  attribute('schemas', '', { multiValued: true, mutability: 'readOnly', returned: 'always', caseExact: true }),
  complex(
    'meta',
    '',
    [
      attribute('resourceType', '', { caseExact: true }),
      attribute('created', '', { type: 'dateTime' }),
      attribute('lastModified', '', { type: 'dateTime' }),
      attribute('location', '', { type: 'reference', caseExact: true }),
      attribute('version', '', { caseExact: true }),
    ].map((member): Attribute => ({ ...member, mutability: 'readOnly' })),
    { mutability: 'readOnly' },
  ),
];

/** What a path names: an attribute, its sub-attribute if there is one, and the extension that it belongs to. */
export interface Target {
  /** The URN of an extension; none: the core schema. */
  readonly extension: string | undefined;
  readonly attribute: Attribute;
  readonly sub: Attribute | undefined;
}

const byName = (attributes: readonly Attribute[]) =>
  new Map(attributes.map((attribute) => [attribute.name.toLowerCase(), attribute]));

/** A kind of resource: its schemas, and which attribute of them a name means. Nothing of it is shared between tenants but its constants. */
export class ResourceType {
  /** RFC 7643 section 2.1: "Attribute names are case insensitive". */
  readonly #core: ReadonlyMap<string, Attribute>;
  readonly #extensions: ReadonlyMap<string, { readonly id: string; readonly members: ReadonlyMap<string, Attribute> }>;

  constructor(
    readonly name: 'User' | 'Group',
    readonly endpoint: string,
    readonly schema: Schema,
    readonly extensions: readonly Schema[],
  ) {
    this.#core = byName([...common, ...schema.attributes]);
    this.#extensions = new Map(
      extensions.map(({ id, attributes }) => [id.toLowerCase(), { id, members: byName(attributes) }]),
    );
  }

  /** The attributes of the core schema, with those of every resource. */
  get attributes(): readonly Attribute[] {
    return [...this.#core.values()];
  }

  extension(urn: string): Schema | undefined {
    return this.extensions.find(({ id }) => id.toLowerCase() === urn.toLowerCase());
  }

  /**
   * What `path` names (RFC 7644 section 3.10): an attribute or a sub-attribute, with or without its schema's URN. An
   * extension's attribute is found without it too, where the core schema has none of that name: Entra ID sends `manager`.
   */
  target(path: string): Target | undefined {
    const colon = path.lastIndexOf(':');
    const urn = path.slice(0, Math.max(colon, 0)).toLowerCase();
    const [name = '', sub, ...more] = path.slice(colon + 1).split('.');
    if (more.length > 0) return undefined;
    if (colon >= 0 && urn !== this.schema.id.toLowerCase()) {
      const extension = this.#extensions.get(urn);
      return extension && targetIn(extension.members, extension.id, name, sub);
    }
    const core = targetIn(this.#core, undefined, name, sub);
    if (core || colon >= 0) return core;
    for (const { id, members } of this.#extensions.values()) {
      const found = targetIn(members, id, name, sub);
      if (found) return found;
    }
    return undefined;
  }
}

function targetIn(
  members: ReadonlyMap<string, Attribute>,
  extension: string | undefined,
  name: string,
  subName: string | undefined,
): Target | undefined {
  const attribute = members.get(name.toLowerCase());
  if (!attribute) return undefined;
  if (subName === undefined) return { extension, attribute, sub: undefined };
  const sub = subAttribute(attribute, subName);
  return sub && { extension, attribute, sub };
}

export function subAttribute({ subAttributes }: Attribute, name: string): Attribute | undefined {
  return subAttributes?.find((sub) => sub.name.toLowerCase() === name.toLowerCase());
}
