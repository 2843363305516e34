import { z } from 'zod';

/**
 * What revocation floors are held against, and what no resource server needs to know: `sub` may be pairwise and `iat` is
 * too coarse. It travels inside the access token, sealed under the keyring's purpose `claim`.
 */
export interface PrivateClaim {
  readonly instance: string;
  readonly since: number;
  readonly account?: string | undefined;
  readonly grant?: string | undefined;
  readonly session?: string | undefined;
  /** Names of claims that userinfo tells beside those of the scopes. */
  readonly userinfo?: readonly string[] | undefined;
}

/**
 * Short names: the claim is in every token. `t` is `since`, in micros. What a newer version tells beside is not read: nothing that narrows a token
 * may be among it.
 */
const wireSchema = z.object({
  i: z.string(),
  t: z.int().nonnegative(),
  a: z.string().optional(),
  g: z.string().optional(),
  s: z.string().optional(),
  u: z.string().optional(),
});

/** The text to seal. */
export const formatPrivateClaim = (claim: PrivateClaim): string =>
  JSON.stringify({
    i: claim.instance,
    t: claim.since,
    a: claim.account,
    g: claim.grant,
    s: claim.session,
    u: claim.userinfo === undefined || claim.userinfo.length === 0 ? undefined : claim.userinfo.join(' '),
  });

/** The opened text, or undefined where it is none of ours. */
export const parsePrivateClaim = (text: string): PrivateClaim | undefined => {
  try {
    const wire = wireSchema.parse(JSON.parse(text));
    return {
      instance: wire.i,
      since: wire.t,
      account: wire.a,
      grant: wire.g,
      session: wire.s,
      userinfo: wire.u?.split(' '),
    };
  } catch {
    return undefined;
  }
};

/** What the seal is bound to: the token that the claim is in, and no other. */
export const privateClaimContext = (token: { readonly iss: string; readonly jti: string }): readonly string[] => [
  'access_token',
  token.iss,
  token.jti,
];
