import type { KeyManagement } from '@signet/keys';
import { z } from 'zod';
import { crc32c } from './crc32c.js';
import { KeyManagementFailure } from './failure.js';
import { decodeBase64, encodeBase64, type KmsAnswer, type KmsCalls } from './kms-call.js';

export interface GcpSettings {
  /** Host, and port where it is not 80, of the metadata server. */
  readonly metadataHost: string;
  readonly endpoint: string;
}

const purpose = Buffer.from('signet-keyring', 'utf8');
const additional = {
  additionalAuthenticatedData: encodeBase64(purpose),
  additionalAuthenticatedDataCrc32c: String(crc32c(purpose)),
};

const token = z.object({ access_token: z.string().regex(/^[\x21-\x7e]{1,16384}$/) });
const encrypted = z.object({
  ciphertext: z.string().min(1),
  ciphertextCrc32c: z.string(),
  verifiedPlaintextCrc32c: z.literal(true),
  verifiedAdditionalAuthenticatedDataCrc32c: z.literal(true),
});
const decrypted = z.object({ plaintext: z.string().min(1), plaintextCrc32c: z.string() });
const refused = z.object({ error: z.object({ status: z.string() }) });

/** A symmetric key of Google Cloud KMS, asked as the workload's service account. */
export class GcpKms implements KeyManagement {
  readonly #whom: string;

  constructor(
    /** `projects/…/cryptoKeys/…` */
    private readonly key: string,
    private readonly settings: GcpSettings,
    private readonly calls: KmsCalls,
  ) {
    this.#whom = `Google Cloud KMS at ${new URL(settings.endpoint).origin}`;
  }

  async wrap(dataKey: Uint8Array): Promise<string> {
    const body = { plaintext: encodeBase64(dataKey), plaintextCrc32c: String(crc32c(dataKey)) };
    const answer = encrypted.safeParse(await this.#call('encrypt', body)).data;
    return (answer && this.#whole(answer.ciphertext, answer.ciphertextCrc32c) && answer.ciphertext) ?? this.#strange();
  }

  async unwrap(wrapped: string): Promise<Uint8Array> {
    const ciphertext = decodeBase64(wrapped);
    if (ciphertext === undefined) throw this.#foreign();
    const body = { ciphertext: wrapped, ciphertextCrc32c: String(crc32c(ciphertext)) };
    const answer = decrypted.safeParse(await this.#call('decrypt', body)).data;
    return (answer && this.#whole(answer.plaintext, answer.plaintextCrc32c)) ?? this.#strange();
  }

  /** The bytes, if they are those that were sent. */
  #whole(base64: string, sum: string): Uint8Array | undefined {
    const bytes = decodeBase64(base64);
    return bytes !== undefined && String(crc32c(bytes)) === sum ? bytes : undefined;
  }

  async #token(): Promise<string> {
    const whom = `the metadata server at ${this.settings.metadataHost}`;
    const { status, json } = await this.calls.ask({
      ...{ whom, plain: true, method: 'GET', headers: { 'Metadata-Flavor': 'Google' } },
      url: `http://${this.settings.metadataHost}/computeMetadata/v1/instance/service-accounts/default/token`,
    });
    const given = status === 200 ? token.safeParse(json).data : undefined;
    if (given) return given.access_token;
    throw new KeyManagementFailure(
      'denied',
      `${whom} gives no token (status ${status}): this workload must have a service account of Google Cloud`,
    );
  }

  async #call(operation: 'encrypt' | 'decrypt', parameters: Readonly<Record<string, string>>): Promise<unknown> {
    const accessToken = await this.#token();
    const answer = await this.calls.ask({
      ...{ whom: this.#whom, method: 'POST', body: JSON.stringify({ ...parameters, ...additional }) },
      url: `${this.settings.endpoint.replace(/\/+$/, '')}/v1/${this.key}:${operation}`,
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${accessToken}` },
    });
    if (answer.status === 200) return answer.json;
    throw this.#failure(operation, answer);
  }

  #failure(operation: 'encrypt' | 'decrypt', { status, json }: KmsAnswer): KeyManagementFailure {
    const code = refused.safeParse(json).data?.error.status ?? '';
    if (status === 401)
      return new KeyManagementFailure(
        'expired',
        `${this.#whom} does not take the token, or not any more: see the workload's service account`,
      );
    if (status === 403)
      return new KeyManagementFailure(
        'denied',
        `${this.#whom} denies ${operation}: the service account must have roles/cloudkms.cryptoKeyEncrypterDecrypter at ${this.key}, and the API must be enabled`,
      );
    if (status === 404 || code === 'FAILED_PRECONDITION')
      return new KeyManagementFailure(
        'unknown_key',
        `${this.#whom} has no key ${this.key} that may be used: see that it exists, is one to encrypt and decrypt, and has an enabled version`,
      );
    if (operation === 'decrypt' && status === 400) return this.#foreign();
    return new KeyManagementFailure('answer', `${this.#whom} does not ${operation} by ${this.key} (status ${status})`);
  }

  #foreign(): KeyManagementFailure {
    return new KeyManagementFailure(
      'foreign',
      `${this.#whom} does not open this keyring by ${this.key}: it was wrapped under another key, or was changed`,
    );
  }

  #strange(): never {
    throw new KeyManagementFailure(
      'answer',
      `${this.#whom} answers what KMS does not, or with other bytes than it sent`,
    );
  }
}
