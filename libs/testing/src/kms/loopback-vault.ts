import { base64, LoopbackKms, members, Refused, type KmsReply, type KmsRequest } from './loopback-kms.js';

const json = (status: number, body: unknown): KmsReply => ({ status, body: JSON.stringify(body) });
const refuse = (status: number, ...errors: string[]): never => {
  throw new Refused(json(status, { errors }));
};

/** The part of Vault's HTTP API that transit needs: encrypt and decrypt with associated data, tokens, the Kubernetes auth method, namespaces. */
export class LoopbackVault extends LoopbackKms {
  readonly tokens = new Set<string>();
  /** Of service accounts, by the role that they may take. */
  readonly jwts = new Map<string, string>();
  readonly expired = new Set<string>();
  /** Paths that the policy of every token denies. */
  readonly denied = new Set<string>();
  namespace: string | undefined;

  protected serve({ method, path, headers, body }: KmsRequest): KmsReply {
    if (method !== 'POST' || headers['content-type'] !== 'application/json')
      return refuse(405, 'unsupported operation');
    if (headers['x-vault-namespace'] !== this.namespace) return refuse(404, 'no handler for route');
    const login = /^\/v1\/auth\/([a-z/]+)\/login$/.exec(path);
    if (login) return this.#login(body);
    this.#authenticate(headers['x-vault-token']);
    const [, mount = '', operation, key = ''] = /^\/v1\/(.+)\/(encrypt|decrypt)\/([^/?]+)$/.exec(path) ?? [];
    if (this.denied.has(path)) return refuse(403, '1 error occurred:\n\t* permission denied\n\n');
    if (operation === 'encrypt') return this.#encrypt(`${mount}/${key}`, body);
    if (operation === 'decrypt') return this.#decrypt(`${mount}/${key}`, body);
    return refuse(404, `no handler for route "${path}". route entry not found.`);
  }

  #login(body: string): KmsReply {
    const { role, jwt } = members(body, ['role', 'jwt'], () => refuse(400, 'missing role'));
    if (this.jwts.get(String(role)) !== jwt) return refuse(403, 'permission denied');
    const token = `hvs.of-${String(role)}`;
    this.tokens.add(token);
    return json(200, { auth: { client_token: token, lease_duration: 3_600, renewable: true } });
  }

  #authenticate(token: string | string[] | undefined): void {
    if (typeof token !== 'string') return refuse(400, 'missing client token');
    if (this.expired.has(token)) refuse(403, '2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n');
    if (!this.tokens.has(token)) refuse(403, 'permission denied');
  }

  #encrypt(key: string, body: string): KmsReply {
    const bad = () => refuse(400, 'missing plaintext');
    const given = members(body, ['plaintext', 'associated_data'], bad);
    const sealed = this.encrypt(key, base64(given['plaintext'], bad), base64(given['associated_data'], bad));
    // Vault makes a key that is not there, if the policy has "create"; this one does not.
    if (!sealed) return refuse(403, '1 error occurred:\n\t* permission denied\n\n');
    return json(200, { data: { ciphertext: `vault:v1:${sealed.toString('base64')}`, key_version: 1 } });
  }

  #decrypt(key: string, body: string): KmsReply {
    const bad = () => refuse(400, 'invalid ciphertext: no prefix');
    const given = members(body, ['ciphertext', 'associated_data'], bad);
    const [, text] = /^vault:v1:(.+)$/.exec(String(given['ciphertext'])) ?? [];
    const opened = this.decrypt(key, base64(text, bad), base64(given['associated_data'], bad));
    if (opened === undefined) return refuse(400, 'encryption key not found');
    // As versions before 1.9 have it.
    if (opened === null) return refuse(500, '1 error occurred:\n\t* cipher: message authentication failed\n\n');
    return json(200, { data: { plaintext: opened.toString('base64') } });
  }
}
