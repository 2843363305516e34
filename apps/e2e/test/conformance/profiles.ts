export type ResponseType =
  'code' | 'id_token' | 'id_token token' | 'code id_token' | 'code token' | 'code id_token token';

/** How a profile's modules are run: certification runs each once for every response type. */
export interface Variant {
  readonly responseType: ResponseType;
  readonly formPost: boolean;
}

/** Modules that more than one profile has. */
const everywhere = [
  'oidcc-server',
  'oidcc-response-type-missing',
  'oidcc-idtoken-signature',
  'oidcc-userinfo-get',
  'oidcc-userinfo-post-header',
  'oidcc-userinfo-post-body',
  'oidcc-scope-profile',
  'oidcc-scope-email',
  'oidcc-scope-address',
  'oidcc-scope-phone',
  'oidcc-scope-all',
  'oidcc-alternate-happy-flow',
  'oidcc-display-page',
  'oidcc-display-popup',
  'oidcc-prompt-login',
  'oidcc-prompt-none-not-logged-in',
  'oidcc-prompt-none-logged-in',
  'oidcc-max-age-1',
  'oidcc-max-age-10000',
  'oidcc-ensure-request-with-unknown-parameter-succeeds',
  'oidcc-id-token-hint',
  'oidcc-login-hint',
  'oidcc-ui-locales',
  'oidcc-claims-locales',
  'oidcc-ensure-request-with-acr-values-succeeds',
  'oidcc-ensure-registered-redirect-uri',
  'oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported',
  'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported',
  'oidcc-claims-essential',
  'oidcc-ensure-request-object-with-redirect-uri',
] as const;

/** Of profiles whose responses hold a code. */
const withCode = [
  'oidcc-ensure-request-without-nonce-succeeds-for-code-flow',
  'oidcc-codereuse',
  'oidcc-codereuse-30seconds',
  'oidcc-server-client-secret-post',
  'oidcc-refresh-token',
  'oidcc-ensure-request-with-valid-pkce-succeeds',
] as const;

const basicOnly = ['oidcc-idtoken-unsigned', 'oidcc-ensure-post-request-succeeds'] as const;
const nonceRequired = ['oidcc-ensure-request-without-nonce-fails'] as const;

const dynamicModules = [
  'oidcc-idtoken-rs256',
  'oidcc-idtoken-unsigned',
  'oidcc-userinfo-rs256',
  'oidcc-ensure-redirect-uri-in-authorization-request',
  'oidcc-redirect-uri-query-OK',
  'oidcc-redirect-uri-query-mismatch',
  'oidcc-redirect-uri-query-added',
  'oidcc-redirect-uri-regfrag',
  'oidcc-discovery-endpoint-verification',
  'oidcc-server',
  'oidcc-registration-logo-uri',
  'oidcc-registration-policy-uri',
  'oidcc-registration-tos-uri',
  'oidcc-registration-jwks-uri',
  'oidcc-registration-sector-uri',
  'oidcc-registration-sector-bad',
  'oidcc-server-rotate-keys',
  'oidcc-refresh-token-rp-key-rotation',
  'oidcc-request-uri-unsigned',
  'oidcc-request-uri-signed-rs256',
  'oidcc-ensure-request-object-with-redirect-uri',
  'oidcc-refresh-token',
  'oidcc-ensure-client-assertion-with-iss-aud-succeeds',
] as const;

const logoutModules = [
  'oidcc-rp-initiated-logout-discovery-endpoint-verification',
  'oidcc-rp-initiated-logout',
  'oidcc-rp-initiated-logout-bad-post-logout-redirect-uri',
  'oidcc-rp-initiated-logout-modified-id-token-hint',
  'oidcc-rp-initiated-logout-no-id-token-hint',
  'oidcc-rp-initiated-logout-no-params',
  'oidcc-rp-initiated-logout-no-post-logout-redirect-uri',
  'oidcc-rp-initiated-logout-no-state',
  'oidcc-rp-initiated-logout-only-state',
  'oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri',
  'oidcc-rp-initiated-logout-bad-id-token-hint',
] as const;

const code: ResponseType[] = ['code'];
const implicit: ResponseType[] = ['id_token', 'id_token token'];
const hybrid: ResponseType[] = ['code id_token', 'code token', 'code id_token token'];

const variants = (responseTypes: readonly ResponseType[], formPost = false): Variant[] =>
  responseTypes.map((responseType) => ({ responseType, formPost }));

/** The certification profiles of an OpenID Provider, by the names of their modules. */
export const profiles = {
  Basic: { variants: variants(code), modules: [...everywhere, ...withCode, ...basicOnly] },
  Implicit: { variants: variants(implicit), modules: [...everywhere, ...nonceRequired] },
  Hybrid: { variants: variants(hybrid), modules: [...everywhere, ...withCode, ...nonceRequired] },
  Config: { variants: variants(code), modules: ['oidcc-discovery-endpoint-verification'] },
  'RP-Initiated Logout': { variants: variants(code), modules: logoutModules },
  'Front-Channel Logout': {
    variants: variants(code),
    modules: ['oidcc-frontchannel-logout-discovery-endpoint-verification', 'oidcc-frontchannel-rp-initiated-logout'],
  },
  'Session Management': {
    variants: variants(code),
    modules: [
      'oidcc-session-management-discovery-endpoint-verification',
      'oidcc-session-management-rp-initiated-logout',
    ],
  },
  Dynamic: { variants: variants(code), modules: dynamicModules },
  'Form Post': {
    variants: variants([...code, ...implicit, ...hybrid], true),
    modules: [...everywhere, ...withCode, ...basicOnly],
  },
  'Third-party-initiated login': {
    variants: variants(code),
    modules: ['oidcc-3rd_party-init-login', 'oidcc-3rd_party-init-login-nohttps'],
  },
} as const satisfies Readonly<
  Record<string, { readonly variants: readonly Variant[]; readonly modules: readonly string[] }>
>;

export type ProfileName = keyof typeof profiles;
export type ModuleName = (typeof profiles)[ProfileName]['modules'][number];
