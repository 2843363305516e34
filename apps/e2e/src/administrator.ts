const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined where there is none, or none of JSON. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

const console = { id: 'console', secret: 'console-secret-of-thirty-two-chars' };

/** What a tenant of a signet.yaml has so that it can be administered. */
export const consoleClient = {
  client_id: console.id,
  client_secret: console.secret,
  grant_types: ['client_credentials'],
  scope: 'signet:admin signet:scim',
  roles: ['signet:administrator'],
};

/** Calls the Management API and SCIM of one tenant, with tokens of `consoleClient`, or of another client. */
export class Administrator {
  #token: string | undefined;

  /** `tokenEndpoint` of the tenant. */
  constructor(
    private readonly origin: string,
    private readonly tokenEndpoint: string,
    private readonly client: { readonly id: string; readonly secret: string } = console,
  ) {}

  /** `path` of the origin; `headers` beside the token and the type. */
  async ask(
    method: string,
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answered> {
    const answer = await this.#ask(method, path, body, headers);
    if (answer.status !== 401) return answer;
    // Its token lives for minutes, a test may for longer.
    this.forgetToken();
    return this.#ask(method, path, body, headers);
  }

  /** The one that it has, or a new one. */
  async token(): Promise<string> {
    return (this.#token ??= await this.#newToken());
  }

  forgetToken(): void {
    this.#token = undefined;
  }

  async #ask(
    method: string,
    path: string,
    body: object | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<Answered> {
    const token = await this.token();
    const type = path.startsWith('/scim/') ? 'application/scim+json' : 'application/json';
    const answer = await fetch(this.origin + path, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body && { 'Content-Type': type }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = /^application\/(?:[a-z]+\+)?json/.test(answer.headers.get('content-type') ?? '');
    const read: unknown = isJson && text !== '' ? JSON.parse(text) : undefined;
    return { status: answer.status, headers: answer.headers, body: isRecord(read) ? read : undefined };
  }

  /** Changes policies of the default tenant. */
  async changePolicies(policies: object): Promise<void> {
    const { body } = await this.ask('GET', '/admin/v1/tenants?slug=default');
    const [tenant] = body?.['items'] as readonly { id: string }[];
    const { status } = await this.ask('PATCH', `/admin/v1/tenants/${tenant?.id ?? ''}`, { policies });
    if (status !== 200) throw new Error(`policies: ${status}`);
  }

  async #newToken(): Promise<string> {
    const { id, secret } = this.client;
    const basic = Buffer.from(`${id}:${secret}`).toString('base64');
    const answer = await fetch(this.tokenEndpoint, {
      method: 'POST',
      headers: { Authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const { access_token: token } = (await answer.json()) as { access_token?: string };
    if (token === undefined) throw new Error(`no token: ${answer.status}`);
    return token;
  }
}
