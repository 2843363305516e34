import { z } from 'zod';
import { attributeDefinition } from '../../directory/attributes.js';
import { branding, registrationPolicy } from '../../directory/tenant.js';
import { slug } from '../../text.js';
import { displayName } from './names.js';

const seconds = z.int().positive();
const retentionDays = z.int().min(1).max(36_500).optional();
const auditRetentionDays = z
  .strictObject({ authentication: retentionDays, tokens: retentionDays, administration: retentionDays })
  .optional()
  .describe(
    'The age at which entries of the audit log are archived and dropped, by their class; kept for good where it is absent.',
  );

/** A tenant's own members, without the objects in it. */
export const tenantMembers = {
  slug: slug.describe('`default` is the issuer itself; any other lies at <issuer>/t/<slug>.'),
  name: displayName,
  issuer: z.url().optional().describe('Only to override; stored at creation and never changed.'),
  enabled: z.boolean().default(true),
  branding: branding.strict().default({}),
  policies: z
    .strictObject({
      session_idle_seconds: seconds.default(3_600 * 8),
      session_absolute_seconds: seconds.default(3_600 * 24),
      remembered_session_idle_seconds: seconds
        .optional()
        .describe('Said together with the absolute lifetime: people may choose to stay signed in for so long.'),
      remembered_session_absolute_seconds: seconds.optional(),
      password_change_ends_sessions: z
        .boolean()
        .default(true)
        .describe('A new password ends the sessions and the refresh tokens that the account had before.'),
      access_token_seconds: z.int().min(30).max(3_600).default(300),
      refresh_idle_seconds: seconds.default(3_600 * 24 * 14),
      refresh_absolute_seconds: seconds.default(3_600 * 24 * 90),
      key_rotation_days: z
        .int()
        .min(1)
        .max(3_650)
        .default(90)
        .describe('The age at which a signing key is replaced by the next one.'),
      deleted_account_days: z
        .int()
        .min(0)
        .max(3_650)
        .default(30)
        .describe('For how long a deleted account can be restored; then it is erased.'),
      audit_retention_days: auditRetentionDays,
    })
    .refine(
      ({ remembered_session_idle_seconds: idle, remembered_session_absolute_seconds: absolute }) =>
        (idle === undefined) === (absolute === undefined),
      {
        path: ['remembered_session_absolute_seconds'],
        message: 'is said together with the idle lifetime, or not at all',
      },
    )
    .prefault({}),
  registration: z
    .strictObject({
      mode: registrationPolicy.shape.mode
        .default('closed')
        .describe('Who may register clients at /register (RFC 7591).'),
      open_to_everybody: z
        .boolean()
        .default(false)
        .describe('Said beside `mode: open` in production mode: anybody at all may register clients.'),
      allowed_redirect_hosts: registrationPolicy.shape.redirectHosts.describe(
        '`example.com`, or `*.example.com` for all below it. Where said, no redirect URI has a private-use scheme.',
      ),
      allowed_grant_types: registrationPolicy.shape.grantTypes,
      allowed_auth_methods: registrationPolicy.shape.authMethods,
      allowed_scopes: registrationPolicy.shape.scopes.describe("OpenID Connect's own where absent."),
    })
    .prefault({}),
  attributes: z
    .array(attributeDefinition)
    .max(100)
    .default([])
    .describe('Attributes that its accounts may have beside those of OpenID Connect and SCIM.'),
} as const;

export const tenantObject = z.strictObject(tenantMembers);
export type TenantObject = z.output<typeof tenantObject>;
