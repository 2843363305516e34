import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { base64, LoopbackKms, members, Refused, type KmsReply, type KmsRequest } from './loopback-kms.js';

export interface AwsAccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const json = (status: number, body: unknown): KmsReply => ({ status, body: JSON.stringify(body) });
const refuse = (name: string, status = 400): never => {
  throw new Refused(json(status, { __type: name, message: 'as the name says' }));
};
const refuseXml = (code: string): never => {
  const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code></Error></ErrorResponse>`;
  throw new Refused({ status: 400, body });
};

/** Milliseconds by which a clock may be wrong. */
const skew = 300_000;

/** Encrypt and Decrypt of AWS KMS, and AssumeRoleWithWebIdentity of STS at `/`, told apart by the content type. */
export class LoopbackAwsKms extends LoopbackKms {
  readonly accessKeys: AwsAccessKey[] = [];
  readonly expired = new Set<string>();
  /** Operations that IAM denies. */
  readonly denied = new Set<string>();
  /** Web identity tokens by the role that they may take. */
  readonly webIdentities = new Map<string, string>();

  constructor(readonly region: string) {
    super();
  }

  protected serve(request: KmsRequest): KmsReply {
    const { method, path, headers } = request;
    if (method !== 'POST' || path !== '/') return refuse('UnknownOperationException', 404);
    if (headers['content-type'] === 'application/x-www-form-urlencoded') return this.#assumeRole(request.body);
    if (headers['content-type'] !== 'application/x-amz-json-1.1') return refuse('UnknownOperationException', 404);
    this.#authenticate(request);
    const operation = String(headers['x-amz-target']);
    if (this.denied.has(operation)) return refuse('AccessDeniedException');
    if (operation === 'TrentService.Encrypt') return this.#encrypt(request.body);
    if (operation === 'TrentService.Decrypt') return this.#decrypt(request.body);
    return refuse('UnknownOperationException', 404);
  }

  #assumeRole(body: string): KmsReply {
    const form = new URLSearchParams(body);
    const given = (name: string) => form.get(name) ?? '';
    if (given('Action') !== 'AssumeRoleWithWebIdentity' || given('Version') !== '2011-06-15')
      return refuseXml('InvalidAction');
    if (!/^[\w+=,.@-]{2,64}$/.test(given('RoleSessionName'))) return refuseXml('ValidationError');
    if (this.expired.has(given('WebIdentityToken'))) return refuseXml('ExpiredTokenException');
    if (this.webIdentities.get(given('RoleArn')) !== given('WebIdentityToken')) return refuseXml('AccessDenied');
    const key = { accessKeyId: 'ASIAOFTHEROLE', secretAccessKey: 'of+the/role==', sessionToken: 'session/of+it==' };
    this.accessKeys.push(key);
    const credentials = `<AccessKeyId>${key.accessKeyId}</AccessKeyId><SecretAccessKey>${key.secretAccessKey}</SecretAccessKey><SessionToken>${key.sessionToken}</SessionToken>`;
    return {
      status: 200,
      body: `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
        <Credentials>${credentials}<Expiration>2030-01-01T00:00:00Z</Expiration></Credentials>
      </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
    };
  }

  /** AWS General Reference, "Signature Version 4": the signature is made again of what has arrived. */
  #authenticate({ headers, body }: KmsRequest): void {
    const form =
      /^AWS4-HMAC-SHA256 Credential=([A-Z0-9]+)\/(\d{8})\/([a-z0-9-]+)\/kms\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;
    const [, id, date = '', region = '', names = '', signature = ''] = form.exec(headers.authorization ?? '') ?? [];
    const key = this.accessKeys.find(({ accessKeyId }) => accessKeyId === id);
    if (!key) return refuse('UnrecognizedClientException');
    if (headers['x-amz-security-token'] !== key.sessionToken) return refuse('UnrecognizedClientException');
    if (this.expired.has(key.accessKeyId)) return refuse('ExpiredTokenException');
    const time = String(headers['x-amz-date']);
    const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time) ?? [];
    const sent = Date.parse(`${y ?? ''}-${mo ?? ''}-${d ?? ''}T${h ?? ''}:${mi ?? ''}:${s ?? ''}Z`);
    if (!(Math.abs(Date.now() - sent) < skew) || !time.startsWith(date) || region !== this.region)
      return refuse('InvalidSignatureException');
    const signed = names.split(';');
    const must = Object.keys(headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
    if (names !== [...signed].sort().join(';') || must.some((name) => !signed.includes(name)))
      return refuse('IncompleteSignature');
    const lines = signed.map((name) => `${name}:${String(headers[name])}\n`).join('');
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    const canonical = ['POST', '/', '', lines, names, hash(body)].join('\n');
    const text = ['AWS4-HMAC-SHA256', time, `${date}/${region}/kms/aws4_request`, hash(canonical)].join('\n');
    let derived: Buffer = Buffer.from(`AWS4${key.secretAccessKey}`);
    for (const part of [date, region, 'kms', 'aws4_request', text])
      derived = createHmac('sha256', derived).update(part).digest();
    if (!timingSafeEqual(derived, Buffer.from(signature, 'hex'))) return refuse('InvalidSignatureException');
  }

  #encrypt(body: string): KmsReply {
    const bad = () => refuse('ValidationException');
    const given = members(body, ['KeyId', 'EncryptionContext', 'Plaintext'], bad);
    const key = String(given['KeyId']);
    const sealed = this.encrypt(key, base64(given['Plaintext'], bad), contextOf(given));
    if (!sealed) return refuse('NotFoundException');
    return json(200, { CiphertextBlob: sealed.toString('base64'), KeyId: key });
  }

  #decrypt(body: string): KmsReply {
    const bad = () => refuse('ValidationException');
    const given = members(body, ['KeyId', 'EncryptionContext', 'CiphertextBlob'], bad);
    const key = String(given['KeyId']);
    const opened = this.decrypt(key, base64(given['CiphertextBlob'], bad), contextOf(given));
    if (opened === undefined) return refuse('com.amazonaws.kms#NotFoundException');
    if (opened === null) return refuse('InvalidCiphertextException');
    return json(200, { KeyId: key, Plaintext: opened.toString('base64') });
  }
}

const contextOf = (given: Record<string, unknown>): Buffer => Buffer.from(JSON.stringify(given['EncryptionContext']));
