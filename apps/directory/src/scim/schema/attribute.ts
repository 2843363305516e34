export type AttributeType = 'string' | 'boolean' | 'integer' | 'decimal' | 'dateTime' | 'reference' | 'complex';

/** What a schema says of an attribute (RFC 7643 section 7). */
export interface Attribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
  readonly returned: 'always' | 'never' | 'default' | 'request';
  readonly uniqueness: 'none' | 'server';
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
  /** UTF-16 units; ours, no part of a schema on the wire. */
  readonly maxLength: number;
}

type Stated = Partial<Omit<Attribute, 'name' | 'description'>>;

/** An attribute with the defaults of RFC 7643 section 2.2, and at most 1,000 characters. */
export function attribute(name: string, description: string, stated: Stated = {}): Attribute {
  return {
    name,
    type: 'string',
    multiValued: false,
    description,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    maxLength: 1_000,
    ...stated,
  };
}

export function complex(name: string, description: string, subAttributes: readonly Attribute[], stated: Stated = {}) {
  return attribute(name, description, { ...stated, type: 'complex', subAttributes });
}

/** A multi-valued attribute with the sub-attributes of RFC 7643 section 2.4. */
export function plural(name: string, description: string, value: Stated = {}, types?: readonly string[]): Attribute {
  const subAttributes = [
    attribute('value', 'The value', { maxLength: 4_000, ...value }),
    attribute('display', 'A name of the value, for people', { maxLength: 200 }),
    attribute('type', 'What the value is for', { maxLength: 50, ...(types && { canonicalValues: types }) }),
    attribute('primary', 'Whether it is the preferred value', { type: 'boolean' }),
  ];
  return complex(name, description, subAttributes, { multiValued: true });
}

/** An attribute as /Schemas shows it. */
export function describeAttribute(of: Attribute): object {
  const { name, type, multiValued, description, required, mutability, returned } = of;
  const { caseExact, uniqueness, subAttributes, canonicalValues, referenceTypes } = of;
  const isText = type === 'string' || type === 'reference';
  return {
    ...{ name, type, multiValued, description, required, mutability, returned },
    ...(isText && { caseExact }),
    ...(type !== 'complex' && type !== 'boolean' && { uniqueness }),
    ...(canonicalValues && { canonicalValues }),
    ...(referenceTypes && { referenceTypes }),
    ...(subAttributes && { subAttributes: subAttributes.map(describeAttribute) }),
  };
}
