import { Prover } from './dpop.js';
import { basic, codeOf, get, populate, post, redemption, secret } from './population.js';
import type { Answer, Population, Tokens } from './population.js';
import type { GrantRequest } from './sign-in.js';
import { runTokenReplicas, type Replica, type TokenReplicas } from './token-replicas.js';

export const robot = basic('robot', secret);
export const own = { grant_type: 'client_credentials' };

type Proof = Promise<string> | undefined;

/** Two holders of keys at two replicas, where clients may, and one must, send proofs. */
export class DpopBench {
  private constructor(
    readonly mesh: TokenReplicas,
    readonly acme: Population,
    readonly alice: Prover,
    readonly mallory: Prover,
  ) {}

  static async start(): Promise<DpopBench> {
    const mesh = await runTokenReplicas();
    const acme = await populate(mesh);
    mesh.directory.clients.push({ ...acme.shop, clientId: 'bound', dpopBoundAccessTokens: true });
    return new DpopBench(mesh, acme, await Prover.create(), await Prover.create());
  }

  /** Tells both the nonce of the hour. */
  async tellNonce(): Promise<void> {
    this.alice.nonce = this.mallory.nonce = await this.nonceOf(this.mesh.replicas[0]);
  }

  readonly send = async (
    fields: Record<string, string>,
    proof: Proof,
    authorization = this.acme.authorization,
    replica: Replica = this.mesh.replicas[0],
  ): Promise<Answer> =>
    post(replica, '/token', fields, {
      ...(authorization !== '' && { authorization }),
      ...(proof && { DPoP: await proof }),
    });

  readonly asSpa = (fields: Record<string, string>, proof: Proof): Promise<Answer> =>
    this.send({ client_id: 'spa', ...fields }, proof, '');

  readonly userinfo = async (token: string, proof: Proof, scheme = 'DPoP', at: 0 | 1 = 0): Promise<Answer> =>
    get(this.mesh.replicas[at], '/userinfo', {
      authorization: `${scheme} ${token}`,
      ...(proof && { DPoP: await proof }),
    });

  readonly nonceOf = async (replica: Replica): Promise<string> => {
    const answer = await this.send(own, this.alice.proof({ nonce: undefined }), robot, replica);
    return answer.headers.get('DPoP-Nonce') ?? '';
  };

  /** Of the confidential client, by Alice's key. */
  readonly boundTokens = async (changes: Partial<GrantRequest> = {}): Promise<Tokens> => {
    const { code } = await codeOf(this.mesh, this.acme, changes);
    return tokensIn(await this.send(redemption(code), this.alice.proof()));
  };

  /** Of the public one. */
  readonly spaTokens = async (prover: Prover | undefined): Promise<Tokens> => {
    const { code } = await codeOf(this.mesh, this.acme, { clientId: 'spa' });
    return tokensIn(await this.asSpa(redemption(code), prover?.proof()));
  };
}

function tokensIn({ status, body }: Answer): Tokens {
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body as unknown as Tokens;
}
