import type { AccountClaimName } from './account-claims.js';

/** OpenID Connect Core 1.0 section 5.4, and section 11 for offline_access, which asks for no claim. */
export const scopeClaims = {
  openid: ['sub'],
  profile: [
    'name',
    'family_name',
    'given_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
  ],
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified'],
  offline_access: [],
} as const satisfies Readonly<Record<string, readonly AccountClaimName[]>>;

export type StandardScope = keyof typeof scopeClaims;

const byScope: ReadonlyMap<string, readonly AccountClaimName[]> = new Map(Object.entries(scopeClaims));

/** The claims that scopes ask for; a scope that is not in the table asks for none. */
export const claimsOfScopes = (scopes: readonly string[]): ReadonlySet<AccountClaimName> =>
  new Set(scopes.flatMap((scope) => byScope.get(scope) ?? []));

/** `claims_supported` for discovery: what the given scopes can bring, and what ID tokens carry of their own. */
export const supportedClaims = (scopes: readonly string[]): readonly string[] => [
  ...new Set(['iss', 'aud', 'exp', 'iat', 'auth_time', 'acr', 'amr', 'sid', ...claimsOfScopes(scopes)]),
];
