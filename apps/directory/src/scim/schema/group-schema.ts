import { attribute, complex } from './attribute.js';
import type { Schema } from './resource-type.js';

/** RFC 7643 section 4.2. */
export const groupSchema: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  name: 'Group',
  description: 'A group',
  attributes: [
    attribute('displayName', 'The name that people are shown', {
      ...{ required: true, uniqueness: 'server', maxLength: 200 },
    }),
    complex(
      'members',
      'Accounts and groups; up to 1,000 are returned of one group, 100 of each in a list',
      [
        attribute('value', 'The id of the member', { mutability: 'immutable', caseExact: true, maxLength: 100 }),
        attribute('$ref', 'The URI of the member', {
          ...{ type: 'reference', referenceTypes: ['User', 'Group'], mutability: 'readOnly' },
        }),
        attribute('type', 'Whether it is an account or a group', {
          ...{ canonicalValues: ['User', 'Group'], mutability: 'immutable' },
        }),
        attribute('display', 'The name of the member', { mutability: 'readOnly' }),
      ],
      { multiValued: true },
    ),
  ],
};
