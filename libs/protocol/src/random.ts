/** Cryptographically strong random bytes. Injected, so that a spec can know what comes out. */
export interface Random {
  bytes(length: number): Uint8Array;
}
