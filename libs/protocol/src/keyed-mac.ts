/** MAC keys of one purpose of the keyring; two may be there at once for overlap. */
export interface KeyedMac {
  currentKeyId(): string;
  /** base64url, or undefined for a key that is no longer there. */
  compute(keyId: string, message: string): string | undefined;
}
