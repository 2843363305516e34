import { accountClaims, branding, identifierKey, registrationPolicy, scopeName, slug, text } from '@signet/contracts';
import { clientProfiles, consentPolicies, declaredMetadata, signingAlgorithmSchema } from '@signet/protocol';
import { z } from 'zod';

const name = text(200, 1);
const key = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/);
const seconds = z.int().positive();

/** Bytes: as many as the hash gives. */
const macKeyLengths: Readonly<Record<string, number>> = { HS256: 32, HS384: 48, HS512: 64 };

const client = declaredMetadata({
  client_id: text(255, 1),
  client_secret: z
    .string()
    .min(8)
    .max(512)
    .optional()
    .describe('At least 32 characters in production mode. Prefer ${env:NAME}.'),
  require_pkce: z.boolean().default(false).describe('Required of public clients whatever this says.'),
  consent: z.enum(consentPolicies).default('explicit'),
  profile: z.enum(clientProfiles).default('oidc'),
  introspects: z.array(z.url()).default([]).describe('Resource servers whose tokens it may introspect.'),
  enabled: z.boolean().default(true),
}).superRefine((declared, context) => {
  const fault = (path: string, message: string) => {
    context.addIssue({ code: 'custom', path: [path], message });
  };
  const method = declared.token_endpoint_auth_method ?? 'client_secret_basic';
  const needsSecret = method.startsWith('client_secret_');
  if (needsSecret && declared.client_secret === undefined) fault('client_secret', `${method} needs one`);
  if (!needsSecret && declared.client_secret !== undefined) fault('client_secret', `${method} has no secret`);
  const shortest =
    method === 'client_secret_jwt' ? (macKeyLengths[declared.token_endpoint_auth_signing_alg ?? ''] ?? 32) : 0;
  if (Buffer.byteLength(declared.client_secret ?? '', 'utf8') < shortest && declared.client_secret !== undefined) {
    fault('client_secret', `its MAC asks for ${shortest} bytes or more (RFC 7518 section 3.2)`);
  }
  const grantTypes = declared.grant_types ?? ['authorization_code'];
  if (method === 'none' && grantTypes.includes('client_credentials')) {
    fault('grant_types', 'client_credentials is for confidential clients (RFC 6749 section 4.4)');
  }
  if (grantTypes.includes('authorization_code') && !declared.redirect_uris?.length) {
    fault('redirect_uris', 'authorization_code needs at least one');
  }
});

/** What the directory adds by itself: the username, and the time of the last change. */
const claims = accountClaims.omit({ preferred_username: true, updated_at: true }).shape;
const declaredClaims = { ...claims, address: claims.address.unwrap().strict().optional() };

const user = z.strictObject({
  username: text(320, 1),
  password: text(1024, 8)
    .optional()
    .describe(
      '8 to 1,024 characters. Without one a new account cannot sign in by password; one that is there keeps the password that it has.',
    ),
  enabled: z.boolean().default(true),
  ...declaredClaims,
  groups: z.array(key).default([]),
  roles: z.array(key).default([]),
});

const tenant = z.strictObject({
  slug: slug.describe('`default` is the issuer itself; any other lies at <issuer>/t/<slug>.'),
  name,
  issuer: z.url().optional().describe('Only to override; stored at creation and never changed.'),
  enabled: z.boolean().default(true),
  branding: branding.strict().default({}),
  policies: z
    .strictObject({
      session_idle_seconds: seconds.default(3_600 * 8),
      session_absolute_seconds: seconds.default(3_600 * 24),
      access_token_seconds: z.int().min(30).max(3_600).default(300),
      refresh_idle_seconds: seconds.default(3_600 * 24 * 14),
      refresh_absolute_seconds: seconds.default(3_600 * 24 * 90),
      key_rotation_days: z
        .int()
        .min(1)
        .max(3_650)
        .default(90)
        .describe('The age at which a signing key is replaced by the next one.'),
    })
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
        '`example.com`, or `*.example.com` for all below it.',
      ),
      allowed_grant_types: registrationPolicy.shape.grantTypes,
      allowed_auth_methods: registrationPolicy.shape.authMethods,
      allowed_scopes: registrationPolicy.shape.scopes.describe("OpenID Connect's own where absent."),
    })
    .prefault({}),
  resource_servers: z
    .array(
      z.strictObject({
        identifier: z.url(),
        name,
        access_token_signing_alg: signingAlgorithmSchema.default('ES256'),
      }),
    )
    .default([]),
  scopes: z
    .array(z.strictObject({ name: scopeName, description: text(300, 1), resource_server: z.url().optional() }))
    .default([]),
  roles: z.array(z.strictObject({ name: key, description: text(300).default('') })).default([]),
  groups: z
    .array(z.strictObject({ name: key, display_name: name.optional(), roles: z.array(key).default([]) }))
    .default([]),
  clients: z.array(client).default([]),
  users: z.array(user).default([]),
});

/** signet.yaml: RFC 7591 and OpenID Connect names, as on the wire. */
export const signetFile = z.strictObject({ tenants: z.array(tenant).min(1) }).superRefine(({ tenants }, context) => {
  const unique = (path: (string | number)[], values: readonly string[], what: string) => {
    for (const [index, value] of values.entries()) {
      if (values.indexOf(value) < index) {
        context.addIssue({ code: 'custom', path: [...path, index], message: `${what} ${value} stands here twice` });
      }
    }
  };
  unique(
    ['tenants'],
    tenants.map((each) => each.slug),
    'tenant',
  );
  for (const [index, each] of tenants.entries()) {
    const at = ['tenants', index];
    unique(
      [...at, 'clients'],
      each.clients.map((client) => client.client_id),
      'client',
    );
    unique(
      [...at, 'users'],
      each.users.map((user) => identifierKey(user.username)),
      'user',
    );
    unique(
      [...at, 'scopes'],
      each.scopes.map((scope) => scope.name),
      'scope',
    );
    unique(
      [...at, 'groups'],
      each.groups.map((group) => group.name),
      'group',
    );
    unique(
      [...at, 'roles'],
      each.roles.map((role) => role.name),
      'role',
    );
    unique(
      [...at, 'resource_servers'],
      each.resource_servers.map((server) => server.identifier),
      'resource server',
    );
  }
});

export type SignetFile = z.infer<typeof signetFile>;
export type FileTenant = SignetFile['tenants'][number];
export type FileClient = FileTenant['clients'][number];
