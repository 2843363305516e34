import { z } from 'zod';

/** Names beyond this are nobody's. */
const longestName = 100;
const mostClaims = 50;
const mostValues = 20;

/** OpenID Connect Core 1.0 section 5.5.1; members that are not understood MUST be ignored, and `null` asks in the default manner. */
const individualClaim = z
  .object({
    essential: z.boolean().optional(),
    value: z.unknown().optional(),
    values: z.array(z.unknown()).max(mostValues).optional(),
  })
  .nullable();
type IndividualClaim = z.output<typeof individualClaim>;

const members = z
  .record(z.string(), individualClaim)
  .refine((claims) => Object.keys(claims).length <= mostClaims, `asks for more than ${mostClaims} claims`);

/** Section 5.5: other members MUST be ignored. */
const claimsParameter = z.object({ userinfo: members.optional(), id_token: members.optional() });

/** What the claims parameter asks for. Whether there is such a claim, and who may have it, is decided by whoever tells it. */
export interface RequestedClaims {
  readonly userinfo: readonly string[];
  readonly idToken: readonly string[];
  /** `sub` by value: the person has to be one of these (section 3.1.2.2). */
  readonly subjects?: readonly string[] | undefined;
  /** `acr` as an essential claim with values: one of these has to be met (section 5.5.1.1). */
  readonly essentialAcr?: readonly string[] | undefined;
}

export const noClaims: RequestedClaims = { userinfo: [], idToken: [] };

const valuesOf = (claim: IndividualClaim | undefined): readonly string[] | undefined => {
  if (claim == null || (claim.value === undefined && claim.values === undefined)) return undefined;
  const asked = [...(claim.value === undefined ? [] : [claim.value]), ...(claim.values ?? [])];
  return asked.filter((value) => typeof value === 'string');
};

const namesOf = (claims: Readonly<Record<string, IndividualClaim>> = {}): readonly string[] =>
  Object.keys(claims).filter((name) => name.length <= longestName && name !== 'sub');

/** Those that both lists have; a list that is not there asks for nothing. */
export const bothOf = (
  left: readonly string[] | undefined,
  right: readonly string[] | undefined,
): readonly string[] | undefined =>
  left === undefined || right === undefined ? (left ?? right) : left.filter((value) => right.includes(value));

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** Undefined for what is no claims parameter: not JSON, of another shape, or beyond the caps. */
export const parseClaimsParameter = (text: string): RequestedClaims | undefined => {
  const parsed = claimsParameter.safeParse(parseJson(text)).data;
  if (parsed === undefined) return undefined;
  const { userinfo, id_token: idToken } = parsed;
  const acr = idToken?.['acr'];
  return {
    userinfo: namesOf(userinfo),
    idToken: namesOf(idToken),
    subjects: bothOf(valuesOf(userinfo?.['sub']), valuesOf(idToken?.['sub'])),
    essentialAcr: acr?.essential === true ? valuesOf(acr) : undefined,
  };
};
