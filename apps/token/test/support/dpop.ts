import { createHash, randomUUID, type webcrypto } from 'node:crypto';
import { request } from 'node:http';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import { issuer, type Replica } from './token-replicas.js';

type Changes = Readonly<Record<string, unknown>>;

/** A holder of a key, who makes proofs of any kind: `undefined` takes a member away. */
export class Prover {
  private constructor(
    private readonly key: webcrypto.CryptoKey,
    readonly alg: string,
    readonly jwk: JWK,
    readonly privateJwk: JWK,
    readonly jkt: string,
    public nonce: string | undefined,
  ) {}

  static async create(alg = 'ES256', nonce?: string): Promise<Prover> {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const [jwk, privateJwk] = [await exportJWK(publicKey), await exportJWK(privateKey)];
    return new Prover(privateKey, alg, jwk, privateJwk, await calculateJwkThumbprint(jwk), nonce);
  }

  /** For POST /token. */
  proof(claims: Changes = {}, header: Changes = {}): Promise<string> {
    const { nonce, alg, jwk } = this;
    const usual = { htm: 'POST', htu: `${issuer}/token`, iat: Math.floor(Date.now() / 1000), jti: randomUUID(), nonce };
    const payload = JSON.parse(JSON.stringify({ ...usual, ...claims })) as Record<string, unknown>;
    return new SignJWT(payload).setProtectedHeader({ alg, typ: 'dpop+jwt', jwk, ...header }).sign(this.key);
  }

  /** For GET /userinfo with this access token. */
  proofFor(accessToken: string, claims: Changes = {}): Promise<string> {
    const ath = createHash('sha256').update(accessToken).digest('base64url');
    return this.proof({ htm: 'GET', htu: `${issuer}/userinfo`, ath, ...claims });
  }
}

/** A POST of a form with several DPoP header lines, as fetch would not send it. */
export function postWithProofs(
  replica: Replica,
  path: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  proofs: readonly string[],
): Promise<{ status: number; body: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      replica.origin + path,
      {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded', DPoP: [...proofs] },
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as Record<string, unknown> });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
