import type { Catalogue, DeclaredClient, RegistrationPolicy } from '@signet/contracts';
import {
  clientMetadataOf,
  fail,
  invalidClientMetadata,
  invalidRedirectUri,
  ok,
  registeredMetadata,
  wireNameOf,
  type Client,
  type OAuthError,
  type Result,
} from '@signet/protocol';
import type { ClientRules } from '../clients/faults/client-check.js';
import { clientFaults } from '../clients/faults/client-faults.js';
import type { Fault } from '../configuration/faults/fault.js';
import { textFaults } from '../configuration/faults/text-faults.js';
import { applyPolicy, registrableScopes } from './registration-policy.js';

/** What of a client administrators alone decide, and the names that it has from us. */
export type Administered = Pick<
  Client,
  | 'clientId'
  | 'tenantId'
  | 'version'
  | 'enabled'
  | 'consent'
  | 'profile'
  | 'requirePkce'
  | 'introspects'
  | 'registration'
>;

/** RFC 7591 section 3.2.2: which of the two errors a fault in a member is. */
const refusal = ({ path, message }: Fault): OAuthError => {
  const [member = '', ...below] = path.map(String);
  const name = wireNameOf(member);
  const isRedirect = name === 'redirect_uris' || name === 'post_logout_redirect_uris';
  const error = isRedirect ? invalidRedirectUri : invalidClientMetadata;
  return error(`${[name, ...below].join('.')}: ${message}`);
};

/**
 * The client that a registration's body makes, with every default spelled out, judged whole as one of a configuration is, and
 * then by the tenant's policy. Unknown members are ignored. Does not look at what sector_identifier_uri leads to.
 */
export function readRegistration(
  body: unknown,
  administered: Administered,
  tenant: { readonly policy: RegistrationPolicy; readonly catalogue: Catalogue },
  rules: ClientRules,
): Result<Client> {
  const registrable = registrableScopes(tenant.policy, tenant.catalogue);
  const parsed = registeredMetadata.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return fail(refusal({ path: (issue?.path ?? []).map(String), message: issue?.message ?? 'is no metadata' }));
  }
  const wire = { application_type: 'web', subject_type: 'public', ...parsed.data } as const;
  const metadata = clientMetadataOf(wire, { name: administered.clientId, scopes: registrable });
  const client = { ...metadata, ...administered };
  const [fault] = [...textFaults(client), ...clientFaults(withSomeSecret(client), rules)];
  if (fault) return fail(refusal(fault));
  const allowed = applyPolicy(metadata, tenant.policy, registrable);
  return allowed.ok ? ok({ ...allowed.value, ...administered }) : allowed;
}

/** The client with the secret that its method asks for, which is ours to make. */
function withSomeSecret(client: Client): DeclaredClient {
  const method = client.tokenEndpointAuthMethod;
  return {
    ...client,
    roles: [],
    secretHashes: method.startsWith('client_secret_') ? ['made'] : [],
    ...(method === 'client_secret_jwt' && { sealedSecrets: ['made'] }),
  };
}
