import { mostResults } from '../lists/list-query.js';
import { bulkLimits } from '../bulk/bulk-limits.js';
import { describeAttribute } from '../schema/attribute.js';
import type { Resource, ResourceType, Schema } from '../schema/resource-type.js';

const core = 'urn:ietf:params:scim:schemas:core:2.0';

/** RFC 7643 section 5. */
export function serviceProviderConfig(base: string): Resource {
  return {
    schemas: [`${core}:ServiceProviderConfig`],
    patch: { supported: true },
    bulk: { supported: true, ...bulkLimits },
    filter: { supported: true, maxResults: mostResults },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'OAuth Bearer Token',
        description: 'An access token of this tenant for urn:signet:management with the scope signet:scim',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  };
}

/** RFC 7643 section 6. */
export function describeType(base: string, { name, endpoint, schema, extensions }: ResourceType): Resource {
  return {
    schemas: [`${core}:ResourceType`],
    id: name,
    name,
    endpoint,
    description: schema.description,
    schema: schema.id,
    schemaExtensions: extensions.map(({ id, attributes }) => ({
      schema: id,
      required: attributes.some(({ required }) => required),
    })),
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${name}` },
  };
}

/** RFC 7643 section 7. */
export function describeSchema(base: string, { id, name, description, attributes }: Schema): Resource {
  return {
    schemas: [`${core}:Schema`],
    id,
    name,
    description,
    attributes: attributes.map(describeAttribute),
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${id}` },
  };
}
