import type { ClientWithSecrets } from '../client.js';
import { isOfType } from '../client-jwt.js';
import type { ClientJwts, ClientJwtVerdict } from '../client-jwt.js';
import type { Clock } from '../clock.js';
import { invalidRequestObject, requestNotSupported, requestUriNotSupported } from '../errors/oauth-error.js';
import { fail, ok } from '../result.js';
import type { Result } from '../result.js';
import { requestObjectAlgorithms } from './object-algorithms.js';
import { objectClaimsFault } from './object-claims.js';
import { objectParameters } from './object-parameters.js';
import type { ResolvedRequest } from './request-objects.js';

/** The cryptography of request objects; libs/keys does it with the keys of client and tenant. */
export interface RequestObjectCryptography {
  readonly jwts: Pick<ClientJwts, 'verify'>;
  /** An unsecured JWT (`alg` none), or undefined for anything else. */
  unsecured(jwt: string): ClientJwtVerdict | undefined;
  /** The plaintext of a JWE that was made for this tenant; undefined for what is no JWE. `fault` is for the log. */
  decrypt(
    text: string,
    client: ClientWithSecrets,
  ): Promise<
    { readonly ok: true; readonly plaintext: string } | { readonly ok: false; readonly fault: string } | undefined
  >;
}

export interface RequestObjectDeps {
  /** The parameter that it came by. */
  readonly by: 'request' | 'request_uri';
  readonly issuer: string;
  readonly clock: Clock;
  readonly cryptography: RequestObjectCryptography;
}

const refused = (description: string, detail?: string) =>
  fail(invalidRequestObject(description, detail === undefined ? {} : { detail }));

/** RFC 9101 section 10.8: a JWT that says it is of another kind is of another kind. One without `typ` is of the old form. */
const isRequestObjectType = (typ: string | undefined): boolean =>
  typ === undefined || isOfType(typ, ['oauth-authz-req+jwt', 'jwt']);

const verify = async (
  jwt: string,
  client: ClientWithSecrets,
  { by, cryptography }: RequestObjectDeps,
): Promise<Result<{ readonly typ: string | undefined; readonly claims: Readonly<Record<string, unknown>> }>> => {
  const algorithms = requestObjectAlgorithms(client);
  const plain = cryptography.unsecured(jwt);
  if (plain !== undefined && !algorithms.unsecured) {
    // OpenID Connect Core 1.0 section 3.1.2.6.
    const notSupported = by === 'request' ? requestNotSupported : requestUriNotSupported;
    return fail(notSupported('The client may not use unsigned request objects'));
  }
  const verdict = plain ?? (await cryptography.jwts.verify({ jwt, client, algorithms: algorithms.signed }));
  return verdict.ok
    ? ok(verdict)
    : refused('The request object could not be verified', `request_object_${verdict.fault}`);
};

/**
 * A request object, from its text to the parameters that it asks for: RFC 9101 section 6, OpenID Connect Core 1.0 section
 * 6.1. Signed, then perhaps encrypted (section 6.1: nested); encryption alone authenticates nobody, so what was inside is
 * held to the same. It does not check whether the client may ask for that.
 */
export const openRequestObject = async (
  text: string,
  client: ClientWithSecrets,
  deps: RequestObjectDeps,
): Promise<Result<ResolvedRequest['parameters']>> => {
  const { issuer, clock, cryptography } = deps;
  const decrypted = await cryptography.decrypt(text, client);
  if (decrypted?.ok === false) {
    return refused('The request object could not be decrypted', `request_object_${decrypted.fault}`);
  }
  const verified = await verify(decrypted?.plaintext ?? text, client, deps);
  if (!verified.ok) return verified;
  const { typ, claims } = verified.value;
  if (!isRequestObjectType(typ)) return refused('The JWT is not a request object', 'request_object_type');
  const fault = objectClaimsFault(claims, { client, issuer, now: clock.now() });
  if (fault !== undefined) return refused(fault);
  return objectParameters(claims);
};
