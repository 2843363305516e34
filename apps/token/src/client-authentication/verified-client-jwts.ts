import { sealedSecretPlace, tenantId } from '@signet/contracts';
import {
  openText,
  readUnsecuredJwt,
  unverifiedClientClaims,
  verifyMacJwt,
  type ClientJwtVerification,
  type Keyring,
} from '@signet/keys';
import {
  macAlgorithmSchema,
  clientSigningAlgorithmSchema,
  type ClientJwtAlgorithm,
  type ClientJwts,
  type ClientJwtVerdict,
  type ClientWithSecrets,
  type MacAlgorithm,
  type ClientSigningAlgorithm,
} from '@signet/protocol';
import type { ClientKeys, ClientKeyVerification } from '@signet/service';

const isMac = (alg: ClientJwtAlgorithm): alg is MacAlgorithm => macAlgorithmSchema.safeParse(alg).success;
const isSignature = (alg: ClientJwtAlgorithm): alg is ClientSigningAlgorithm =>
  clientSigningAlgorithmSchema.safeParse(alg).success;

/** JWTs of clients by their keys: those of its set, fetched where it has registered an address, or its secrets. */
export class VerifiedClientJwts implements ClientJwts {
  constructor(
    private readonly keys: Pick<ClientKeys, 'verify'>,
    private readonly keyring: Keyring,
  ) {}

  unverifiedClaims(jwt: string): Readonly<Record<string, unknown>> | undefined {
    return unverifiedClientClaims(jwt);
  }

  /** Algorithms are of one kind: whoever asks for signatures is given no MAC, and the other way round. */
  async verify({ jwt, client, algorithms }: Parameters<ClientJwts['verify']>[0]): Promise<ClientJwtVerdict> {
    const macs = algorithms.filter(isMac);
    return verdictOf(
      macs.length > 0
        ? this.#verifyMac(jwt, client, macs)
        : await this.keys.verify(client, { jwt, algorithms: algorithms.filter(isSignature) }),
    );
  }

  /** An unsecured JWT, or undefined for one that has another `alg`. */
  unsecured(jwt: string): ClientJwtVerdict | undefined {
    const read = readUnsecuredJwt({ jwt });
    const isUnsecured = read.ok || read.fault === 'signature';
    return isUnsecured ? verdictOf(read) : undefined;
  }

  #verifyMac(jwt: string, client: ClientWithSecrets, algorithms: readonly MacAlgorithm[]): ClientJwtVerification {
    const place = sealedSecretPlace({ tenantId: tenantId.parse(client.tenantId), clientId: client.clientId });
    let verified: ClientJwtVerification = { ok: false, fault: 'unknown_key' };
    for (const sealed of client.sealedSecrets ?? []) {
      const secret = openText(this.keyring, 'client', sealed, place);
      if (secret === undefined) throw new Error(`a secret of the client ${client.clientId} cannot be opened`);
      verified = verifyMacJwt({ jwt, secret: Buffer.from(secret).toString('utf8'), algorithms });
      if (verified.ok) break;
    }
    return verified;
  }
}

function verdictOf(verified: ClientKeyVerification): ClientJwtVerdict {
  return verified.ok ? { ok: true, typ: verified.header.typ, claims: verified.claims } : verified;
}
