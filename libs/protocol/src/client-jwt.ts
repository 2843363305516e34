import type { ClientSigningAlgorithm, ClientWithSecrets, MacAlgorithm } from './client.js';

/** What a client may sign with: its private key, or its secret. */
export type ClientJwtAlgorithm = ClientSigningAlgorithm | MacAlgorithm;

/** `fault` is one of our own words, for the log. */
export type ClientJwtVerdict =
  | {
      readonly ok: true;
      /** The header's `typ`, as it stands; whoever asked judges it (RFC 8725 section 3.11). */
      readonly typ: string | undefined;
      readonly claims: Readonly<Record<string, unknown>>;
    }
  | { readonly ok: false; readonly fault: string };

/**
 * Whether the `typ` of a JWT is one of these, which are in lower case and bare. RFC 7515 section 4.1.9: `application/` may be left out, and
 * media types have no case.
 */
export const isOfType = (typ: string, types: readonly string[]): boolean =>
  types.includes(typ.toLowerCase().replace(/^application\//, ''));

/** The port to JWTs that clients make: libs/keys does the cryptography, the application finds the keys. */
export interface ClientJwts {
  /** The claims of a JWS with nothing verified, to find whose it says that it is; undefined where it is malformed. */
  unverifiedClaims(jwt: string): Readonly<Record<string, unknown>> | undefined;
  /**
   * Verifies the signature, or MAC, by a key of this client and one of these algorithms, and no claim at all. The header
   * chooses a key among the client's and never brings one (`jwk`, `jku`, `x5u`), and `crit` is understood for nothing.
   */
  verify(input: {
    readonly jwt: string;
    readonly client: ClientWithSecrets;
    readonly algorithms: readonly ClientJwtAlgorithm[];
  }): Promise<ClientJwtVerdict>;
}
