import { base64, LoopbackKms, members, Refused, type KmsReply, type KmsRequest } from './loopback-kms.js';

const json = (status: number, body: unknown): KmsReply => ({ status, body: JSON.stringify(body) });
const refuse = (status: number, code: string): never => {
  throw new Refused(json(status, { error: { code: status, status: code, message: 'as the code says' } }));
};

/** Bit by bit, since Signet's own goes by a table. */
function crc32c(bytes: Uint8Array): string {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0x82f63b78 : rest >>> 1;
  }
  return String((rest ^ 0xffffffff) >>> 0);
}

/** encrypt and decrypt of Google Cloud KMS, and the metadata server's token. */
export class LoopbackGcpKms extends LoopbackKms {
  /** Of the workload's service account; none where it has none. */
  token: string | undefined = 'ya29.of-the-workload';
  expired = false;
  denied = false;
  /** Breaks a byte of what it gives back. */
  breaks = false;

  protected serve({ method, path, headers, body }: KmsRequest): KmsReply {
    if (path === '/computeMetadata/v1/instance/service-accounts/default/token') return this.#metadata(method, headers);
    const [, key = '', operation] = /^\/v1\/(projects\/.+):(encrypt|decrypt)$/.exec(path) ?? [];
    if (method !== 'POST' || headers['content-type'] !== 'application/json') return refuse(404, 'NOT_FOUND');
    if (this.expired || this.token === undefined || headers.authorization !== `Bearer ${this.token}`)
      return refuse(401, 'UNAUTHENTICATED');
    if (this.denied) return refuse(403, 'PERMISSION_DENIED');
    if (operation === 'encrypt') return this.#encrypt(key, body);
    if (operation === 'decrypt') return this.#decrypt(key, body);
    return refuse(404, 'NOT_FOUND');
  }

  #metadata(method: string, headers: KmsRequest['headers']): KmsReply {
    if (method !== 'GET' || headers['metadata-flavor'] !== 'Google') return { status: 403, body: 'Missing header' };
    if (this.token === undefined) return { status: 404, body: 'not found' };
    return json(200, { access_token: this.token, expires_in: 3_599, token_type: 'Bearer' });
  }

  #encrypt(key: string, body: string): KmsReply {
    const { bytes, associated } = checked(body, 'plaintext');
    const sealed = this.encrypt(key, bytes, associated);
    if (!sealed) return refuse(404, 'NOT_FOUND');
    const verified = { verifiedPlaintextCrc32c: true, verifiedAdditionalAuthenticatedDataCrc32c: true };
    return json(200, { name: `${key}/cryptoKeyVersions/1`, ...this.#given('ciphertext', sealed), ...verified });
  }

  #decrypt(key: string, body: string): KmsReply {
    const { bytes, associated } = checked(body, 'ciphertext');
    const opened = this.decrypt(key, bytes, associated);
    if (opened === undefined) return refuse(404, 'NOT_FOUND');
    if (opened === null) return refuse(400, 'INVALID_ARGUMENT');
    return json(200, { ...this.#given('plaintext', opened), usedPrimary: true, protectionLevel: 'SOFTWARE' });
  }

  #given(name: string, bytes: Buffer): Record<string, string> {
    const sum = crc32c(bytes);
    if (this.breaks) bytes[0] = (bytes[0] ?? 0) ^ 1;
    return { [name]: bytes.toString('base64'), [`${name}Crc32c`]: sum };
  }
}

function checked(body: string, name: 'plaintext' | 'ciphertext') {
  const bad = () => refuse(400, 'INVALID_ARGUMENT');
  const ofData = 'additionalAuthenticatedData';
  const given = members(body, [name, `${name}Crc32c`, ofData, `${ofData}Crc32c`], bad);
  const [bytes, associated] = [base64(given[name], bad), base64(given[ofData], bad)];
  if (given[`${name}Crc32c`] !== crc32c(bytes) || given[`${ofData}Crc32c`] !== crc32c(associated)) bad();
  return { bytes, associated };
}
