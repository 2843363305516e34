/**
 * The two cryptographic primitives that protocol checks need; libs/keys provides them.
 * Texts are hashed as UTF-8; hashes are base64url without padding.
 */
export interface Digests {
  sha256(text: string): string;
  /** Compares in a time that depends on the lengths alone. */
  equal(left: string, right: string): boolean;
}
