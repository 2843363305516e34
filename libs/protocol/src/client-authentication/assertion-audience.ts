/** Whom an assertion may be meant for: all of one tenant. */
export interface AssertionRecipients {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  /** The endpoint that was called. */
  readonly endpoint: string;
  /** Every endpoint of the tenant. */
  readonly endpoints: readonly string[];
}

/**
 * RFC 7523 section 3, item 3: the audience is this server, by its issuer, its token endpoint or the endpoint called (RFC 9126
 * section 2 has a pushed request take each of them). No member may be anybody else: a server that a client also talks to
 * could otherwise have it sign what is good here (CVE-2025-27370). `issuerAlone`: exactly the issuer, as a string (FAPI 2.0
 * Security Profile section 5.3.2.1).
 */
export const isAssertionAudience = (
  audience: string | readonly string[],
  recipients: AssertionRecipients,
  issuerAlone: boolean,
): boolean => {
  const { issuer, tokenEndpoint, endpoint, endpoints } = recipients;
  if (issuerAlone) return audience === issuer;
  const members = typeof audience === 'string' ? [audience] : audience;
  const wanted = [issuer, tokenEndpoint, endpoint];
  const known = new Set([...wanted, ...endpoints]);
  return members.some((member) => wanted.includes(member)) && members.every((member) => known.has(member));
};
