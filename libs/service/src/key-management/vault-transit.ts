import type { KeyManagement } from '@signet/keys';
import { z } from 'zod';
import { KeyManagementFailure } from './failure.js';
import { decodeBase64, encodeBase64, type KmsAnswer, type KmsCalls } from './kms-call.js';
import { readCredentialFile } from './credential-file.js';

export interface VaultSettings {
  readonly address: string;
  readonly namespace?: string | undefined;
  /** Path of a file with a token, or how to sign in as a Kubernetes service account. */
  readonly credentials:
    { readonly tokenFile: string } | { readonly role: string; readonly mount: string; readonly jwtFile: string };
}

/** What ciphertexts are for; without it they do not open. */
const associatedData = encodeBase64(Buffer.from('signet-keyring', 'utf8'));

const encrypted = z.object({ data: z.object({ ciphertext: z.string().regex(/^vault:v\d+:/) }) });
const decrypted = z.object({ data: z.object({ plaintext: z.string() }) });
const signedIn = z.object({ auth: z.object({ client_token: z.string().min(1) }) });
const refused = z.object({ errors: z.array(z.string()) });

const tamperedOrForeign = /message authentication failed|invalid ciphertext|unable to decrypt/i;

/** A key of the transit secrets engine of Vault, or of OpenBao, of a type that authenticates associated data (aes256-gcm96 is the usual one). */
export class VaultTransit implements KeyManagement {
  readonly #whom: string;
  readonly #name: string;

  constructor(
    private readonly key: { readonly mount: string; readonly key: string },
    private readonly settings: VaultSettings,
    private readonly calls: KmsCalls,
  ) {
    this.#whom = `Vault at ${new URL(settings.address).origin}`;
    this.#name = `${key.mount}/${key.key}`;
  }

  async wrap(dataKey: Uint8Array): Promise<string> {
    const body = { plaintext: encodeBase64(dataKey), associated_data: associatedData };
    return encrypted.safeParse(await this.#use('encrypt', body)).data?.data.ciphertext ?? this.#strange();
  }

  async unwrap(wrapped: string): Promise<Uint8Array> {
    const body = { ciphertext: wrapped, associated_data: associatedData };
    const plaintext = decrypted.safeParse(await this.#use('decrypt', body)).data?.data.plaintext;
    return (plaintext === undefined ? undefined : decodeBase64(plaintext)) ?? this.#strange();
  }

  async #use(operation: 'encrypt' | 'decrypt', body: Readonly<Record<string, string>>): Promise<unknown> {
    const path = `${this.key.mount}/${operation}/${this.key.key}`;
    const answer = await this.#post(path, body, await this.#token());
    if (answer.status === 200) return answer.json;
    throw this.#failure(operation, path, answer);
  }

  async #token(): Promise<string> {
    const { credentials } = this.settings;
    if ('tokenFile' in credentials) return readCredentialFile('SIGNET_KMS_VAULT_TOKEN_FILE', credentials.tokenFile);
    const { role, mount, jwtFile } = credentials;
    const jwt = await readCredentialFile('SIGNET_KMS_VAULT_JWT_FILE', jwtFile);
    const { status, json } = await this.#post(`auth/${mount}/login`, { role, jwt });
    if (status !== 200)
      throw new KeyManagementFailure(
        'denied',
        `${this.#whom} does not let this service account in (status ${status}): see that the role ${role} of auth/${mount} is bound to it`,
      );
    return signedIn.safeParse(json).data?.auth.client_token ?? this.#strange();
  }

  #post(path: string, body: Readonly<Record<string, string>>, token?: string): Promise<KmsAnswer> {
    const { address, namespace } = this.settings;
    const headers = {
      'Content-Type': 'application/json',
      'X-Vault-Request': 'true',
      ...(namespace !== undefined && { 'X-Vault-Namespace': namespace }),
      ...(token !== undefined && { 'X-Vault-Token': token }),
    };
    const url = `${address.replace(/\/+$/, '')}/v1/${path}`;
    // Some versions answer 500 to what they cannot authenticate.
    const isFinal = (answer: KmsAnswer) => tamperedOrForeign.test(errorsOf(answer));
    return this.calls.ask({ whom: this.#whom, url, method: 'POST', headers, body: JSON.stringify(body) }, isFinal);
  }

  #failure(operation: 'encrypt' | 'decrypt', path: string, answer: KmsAnswer): KeyManagementFailure {
    const { status } = answer;
    const errors = errorsOf(answer);
    if (status === 403 && /invalid token|bad token|token.*expired/i.test(errors))
      return new KeyManagementFailure(
        'expired',
        `${this.#whom} does not know the token, or not any more: give a new one`,
      );
    if (status === 403)
      return new KeyManagementFailure(
        'denied',
        `${this.#whom} denies ${path}: its policy must give the token "update" there, and the token must still be good`,
      );
    if (status === 404 || /key not found|no handler for route|unsupported path/i.test(errors))
      return new KeyManagementFailure(
        'unknown_key',
        `${this.#whom} has no transit key ${this.#name}: see its mount and its name`,
      );
    // 412 and 472 to 473: a standby that lags behind or does not serve.
    if (status === 412 || status === 472 || status === 473)
      return new KeyManagementFailure(
        'unreachable',
        `${this.#whom} is a standby that does not serve (status ${status})`,
      );
    if (operation === 'decrypt' && (status === 400 || tamperedOrForeign.test(errors)))
      return new KeyManagementFailure(
        'foreign',
        `${this.#whom} does not open this keyring by ${this.#name}: it was wrapped under another key, or by a version of it that is gone, or was changed`,
      );
    return new KeyManagementFailure(
      'answer',
      `${this.#whom} does not ${operation} by ${this.#name} (status ${status}): the key must be one of aes256-gcm96, of Vault 1.13 or later`,
    );
  }

  #strange(): never {
    throw new KeyManagementFailure('answer', `${this.#whom} answers what transit does not: see that it is a Vault`);
  }
}

const errorsOf = ({ json }: KmsAnswer): string => refused.safeParse(json).data?.errors.join(' ') ?? '';
