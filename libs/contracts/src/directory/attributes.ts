import { z } from 'zod';
import { text } from '../text.js';
import { addressMembers } from './account.js';

export const attributeTypes = ['string', 'boolean', 'integer', 'decimal', 'date_time', 'reference'] as const;
export type AttributeType = (typeof attributeTypes)[number];

export const attributeName = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/);

/** An attribute of a tenant's own, which its accounts may have (RFC 7643 section 2). */
export const attributeDefinition = z.strictObject({
  name: attributeName,
  description: text(300).default(''),
  type: z.enum(attributeTypes).default('string'),
  multi_valued: z.boolean().default(false),
  required: z.boolean().default(false),
  /** UTF-16 units of a string or a reference. */
  max_length: z.int().min(1).max(4_000).default(1_000),
  choices: z.array(text(200, 1)).min(1).max(200).optional(),
});
export type AttributeDefinition = z.output<typeof attributeDefinition>;

const scalar = z.union([text(4_000), z.boolean(), z.number()]);

/** One of several values of a SCIM attribute (RFC 7643 section 2.4). */
const plural = z.strictObject({
  value: text(4_000, 1),
  type: text(50).optional(),
  display: text(200).optional(),
  primary: z.boolean().optional(),
});

const address = z.strictObject({
  ...addressMembers,
  type: text(50).optional(),
  primary: z.boolean().optional(),
});

const plurals = z.array(plural).max(50).optional();

/** What SCIM knows of a person and OpenID Connect has no claim for (RFC 7643 sections 4.1 and 4.3). */
export const scimAttributes = {
  display_name: text(200).optional(),
  honorific_prefix: text(100).optional(),
  honorific_suffix: text(100).optional(),
  title: text(200).optional(),
  user_type: text(200).optional(),
  preferred_language: text(100).optional(),
  employee_number: text(200).optional(),
  cost_center: text(200).optional(),
  organization: text(200).optional(),
  division: text(200).optional(),
  department: text(200).optional(),
  /** An account's id, or what the provisioning client calls it. */
  manager: text(200).optional(),
  emails: plurals,
  phone_numbers: plurals,
  ims: plurals,
  photos: plurals,
  entitlements: plurals,
  x509_certificates: plurals,
  addresses: z.array(address).max(20).optional(),
} as const;

/** Attributes by name: SCIM's own, and those that the tenant defines, which are held against its definitions apart. */
export const accountAttributes = z
  .object(scimAttributes)
  .catchall(z.union([scalar, z.array(scalar).max(100)]))
  .refine((attributes) => Object.keys(attributes).length <= 200, 'has more than 200 attributes')
  .refine((attributes) => JSON.stringify(attributes).length <= 32_768, 'is longer than 32 KiB');
export type AccountAttributes = z.infer<typeof accountAttributes>;
