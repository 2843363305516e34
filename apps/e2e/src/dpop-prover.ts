import { randomUUID, type webcrypto } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';

/** What a client sends in DPoP headers, and learns from answers. */
export interface Proofs {
  proof(method: string, url: string): Promise<string>;
  learn(headers: Headers): void;
}

/** The holder of a key, who proves that it has it (RFC 9449), by the newest nonce that it was told. */
export class DpopProver implements Proofs {
  #nonce: string | undefined;

  private constructor(
    private readonly key: webcrypto.CryptoKey,
    private readonly jwk: JWK,
  ) {}

  static async create(): Promise<DpopProver> {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    return new DpopProver(privateKey, await exportJWK(publicKey));
  }

  proof(method: string, url: string): Promise<string> {
    const claims = {
      htm: method,
      htu: url,
      jti: randomUUID(),
      ...(this.#nonce !== undefined && { nonce: this.#nonce }),
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: this.jwk })
      .setIssuedAt()
      .sign(this.key);
  }

  learn(headers: Headers): void {
    this.#nonce = headers.get('DPoP-Nonce') ?? this.#nonce;
  }
}

/** One proof, again and again. */
export const sameProof = (proof: string): Proofs => ({ proof: () => Promise.resolve(proof), learn: () => undefined });
