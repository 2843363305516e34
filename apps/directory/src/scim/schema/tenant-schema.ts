import type { AttributeDefinition } from '@signet/contracts';
import { attribute, type AttributeType } from './attribute.js';
import { groupSchema } from './group-schema.js';
import { ResourceType, type Schema } from './resource-type.js';
import { enterpriseUserSchema, userSchema } from './user-schemas.js';

/** The extension that has a tenant's own attributes (RFC 7643 section 3.3). */
export const tenantSchemaId = 'urn:signet:scim:schemas:extension:tenant:2.0:User';

export const groupType = new ResourceType('Group', '/Groups', groupSchema, []);

const userTypes = new WeakMap<readonly AttributeDefinition[], ResourceType>();
const plainUserType = new ResourceType('User', '/Users', userSchema, [enterpriseUserSchema]);

/** What a User is in a tenant that defines these attributes. Made once for each reading of the tenant. */
export function userTypeOf(definitions: readonly AttributeDefinition[]): ResourceType {
  if (definitions.length === 0) return plainUserType;
  const known = userTypes.get(definitions);
  if (known) return known;
  const made = new ResourceType('User', '/Users', userSchema, [enterpriseUserSchema, tenantSchema(definitions)]);
  userTypes.set(definitions, made);
  return made;
}

function tenantSchema(definitions: readonly AttributeDefinition[]): Schema {
  return {
    id: tenantSchemaId,
    name: 'Tenant User',
    description: 'Attributes that the tenant defines',
    attributes: definitions.map(({ name, description, type, multi_valued, required, max_length, choices }) =>
      attribute(name, description, {
        type: type === 'date_time' ? ('dateTime' satisfies AttributeType) : type,
        multiValued: multi_valued,
        required,
        caseExact: true,
        maxLength: max_length,
        ...(choices && { canonicalValues: choices }),
        ...(type === 'reference' && { referenceTypes: ['uri'] }),
      }),
    ),
  };
}
