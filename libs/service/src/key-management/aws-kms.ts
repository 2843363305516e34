import type { KeyManagement } from '@signet/keys';
import { z } from 'zod';
import { awsCredentials, type AwsPlace, type AwsSettings } from './aws-credentials.js';
import { signAwsRequest } from './aws-signature.js';
import { KeyManagementFailure, type KeyManagementFault } from './failure.js';
import { decodeBase64, encodeBase64, type KmsCalls } from './kms-call.js';

/** Bound to the ciphertext by KMS, and shown in CloudTrail. */
const encryptionContext = { purpose: 'signet-keyring' };

const encrypted = z.object({ CiphertextBlob: z.string().min(1) });
const decrypted = z.object({ Plaintext: z.string().min(1) });
const refused = z.object({ __type: z.string() });

/** The errors of Encrypt and Decrypt, and those that are common to all operations. */
const faults: Readonly<Record<string, KeyManagementFault>> = {
  AccessDeniedException: 'denied',
  IncompleteSignature: 'denied',
  InvalidSignatureException: 'denied',
  MissingAuthenticationToken: 'denied',
  NotAuthorized: 'denied',
  UnrecognizedClientException: 'denied',
  ExpiredTokenException: 'expired',
  NotFoundException: 'unknown_key',
  DisabledException: 'unknown_key',
  KMSInvalidStateException: 'unknown_key',
  InvalidKeyUsageException: 'unknown_key',
  IncorrectKeyException: 'foreign',
  InvalidCiphertextException: 'foreign',
  DependencyTimeoutException: 'unreachable',
  KeyUnavailableException: 'unreachable',
  KMSInternalException: 'unreachable',
  ThrottlingException: 'unreachable',
};

/** A symmetric key of AWS KMS. */
export class AwsKms implements KeyManagement {
  readonly #url: URL;
  readonly #whom: string;

  constructor(
    private readonly key: AwsPlace & { readonly arn: string },
    private readonly settings: AwsSettings,
    private readonly calls: KmsCalls,
    private readonly now: () => Date = () => new Date(),
  ) {
    this.#url = new URL('/', settings.kmsEndpoint ?? `https://kms.${key.region}.${key.domain}`);
    this.#whom = `AWS KMS at ${this.#url.origin}`;
  }

  async wrap(dataKey: Uint8Array): Promise<string> {
    const answer = encrypted.safeParse(await this.#call('Encrypt', { Plaintext: encodeBase64(dataKey) }));
    return answer.data?.CiphertextBlob ?? this.#strange();
  }

  async unwrap(wrapped: string): Promise<Uint8Array> {
    if (decodeBase64(wrapped) === undefined) throw this.#foreign();
    const answer = decrypted.safeParse(await this.#call('Decrypt', { CiphertextBlob: wrapped }));
    return (answer.data && decodeBase64(answer.data.Plaintext)) ?? this.#strange();
  }

  async #call(operation: 'Encrypt' | 'Decrypt', parameters: Readonly<Record<string, string>>): Promise<unknown> {
    const credentials = await awsCredentials(this.settings, this.key, this.calls);
    const method = 'POST';
    const body = JSON.stringify({ KeyId: this.key.arn, EncryptionContext: encryptionContext, ...parameters });
    const plain = { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': `TrentService.${operation}` };
    const scope = { region: this.key.region, service: 'kms', at: this.now() };
    const headers = signAwsRequest({ method, url: this.#url, headers: plain, body }, credentials, scope);
    const answer = await this.calls.ask({ whom: this.#whom, url: this.#url.href, method, headers, body });
    if (answer.status === 200) return answer.json;
    throw this.#failure(operation, answer.status, refused.safeParse(answer.json).data?.__type ?? '');
  }

  /** `type`: the error's name, after a namespace in some answers. */
  #failure(operation: string, status: number, type: string): KeyManagementFailure {
    const name = type.split('#').at(-1) ?? '';
    const { arn } = this.key;
    const fault = faults[name] ?? 'answer';
    // A name that is not in the table may be anything.
    const shown = fault === 'answer' ? `status ${status}` : name;
    switch (fault) {
      case 'denied':
        return new KeyManagementFailure(
          fault,
          `${this.#whom} denies kms:${operation} (${shown}): the key policy of ${arn}, or IAM, must allow it to these credentials, and the clock must be right`,
        );
      case 'expired':
        return new KeyManagementFailure(fault, `${this.#whom} finds the credentials expired: give new ones`);
      case 'unknown_key':
        return new KeyManagementFailure(
          fault,
          `${this.#whom} has no symmetric key ${arn} that may be used (${shown}): see that it exists and is enabled`,
        );
      case 'foreign':
        return this.#foreign();
      case 'unreachable':
        return new KeyManagementFailure(fault, `${this.#whom} cannot do its work now (${shown})`);
      case 'settings':
      case 'answer':
        return new KeyManagementFailure(fault, `${this.#whom} does not do ${operation} (${shown})`);
    }
  }

  #foreign(): KeyManagementFailure {
    return new KeyManagementFailure(
      'foreign',
      `${this.#whom} does not open this keyring by ${this.key.arn}: it was wrapped under another key, or was changed`,
    );
  }

  #strange(): never {
    throw new KeyManagementFailure('answer', `${this.#whom} answers what KMS does not: see AWS_ENDPOINT_URL_KMS`);
  }
}
