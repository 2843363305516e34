import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  afterLogout,
  alice,
  basic,
  callback,
  plainHttp,
  Plane,
  RawClient,
  secrets,
  twinTenants,
  UserAgent,
} from '../src/index.js';

const form = 'application/x-www-form-urlencoded';
const long = (length: number) => 'x'.repeat(length);
const loneSurrogate = '%ED%A0%80';

let plane: Plane;
let client: RawClient;
beforeAll(async () => {
  plane = await Plane.start({ form: 'one process', configuration: twinTenants() });
  client = new RawClient(plane.issuer, 'default', 'demo', secrets.demo);
}, 60_000);
afterAll(() => plane.stop());

const open = (url: string) => new UserAgent(plane.issuer).open(url);

/** An authorization request with its query's text changed. */
const authorize = (change: string, fields: Record<string, string | undefined> = {}) =>
  open(`${client.authorizationUrl(fields)}${change}`);

describe('a request that names nobody to answer to gets a page with 400, and no redirect', () => {
  it.each<[string, Record<string, string | undefined>]>([
    ['no client_id', { client_id: undefined }],
    ['an unknown client_id', { client_id: 'nobody' }],
    ['a client_id of another tenant', { client_id: 'only-globex' }],
    ['a client_id with a NUL', { client_id: 'demo\0' }],
    ['a client_id that is too long', { client_id: long(257) }],
    ['the name of a prototype’s member', { client_id: '__proto__' }],
    ['no redirect_uri', { redirect_uri: undefined }],
    ['another host', { redirect_uri: 'http://evil.example/callback' }],
    ['another path', { redirect_uri: `${callback}/` }],
    ['a path that leads there', { redirect_uri: callback.replace('callback', 'x/../callback') }],
    ['a query', { redirect_uri: `${callback}?a=b` }],
    ['a fragment', { redirect_uri: `${callback}#a` }],
    ['user information', { redirect_uri: callback.replace('localhost', 'localhost:4001@evil.example') }],
    ['another port', { redirect_uri: callback.replace('4001', '4002') }],
    ['another case', { redirect_uri: callback.replace('callback', 'Callback') }],
    ['a scheme that runs', { redirect_uri: 'javascript:alert(1)' }],
    ['a line break', { redirect_uri: `${callback}\r\nX: y` }],
    ['a URI that is too long', { redirect_uri: `${callback}?${long(2048)}` }],
  ])('%s', async (_what, fields) => {
    const page = await authorize('', fields);
    expect([page.status, page.left, page.headers.get('Location')]).toEqual([400, undefined, null]);
    expect(page.headers.get('Content-Type')).toContain('text/html');
    expect(page.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(page.html).not.toContain('evil.example');
  });

  it.each([
    ['two client_ids', '&client_id=demo'],
    ['two redirect_uris', `&redirect_uri=${encodeURIComponent(callback)}`],
    ['a parameter’s name that is not UTF-8', '&%FF=1'],
    ['101 parameters', '&a'.repeat(101).replace(/a/g, () => `p${Math.random()}`)],
  ])('%s', async (_what, change) => {
    const page = await authorize(change);
    expect([page.status, page.left]).toEqual([400, undefined]);
  });
});

describe('any other fault is told to the client, with its state and our issuer', () => {
  it.each<[string, string, Record<string, string | undefined>, string]>([
    ['no response_type', '', { response_type: undefined }, 'invalid_request'],
    ['an unknown response_type', '', { response_type: 'none' }, 'unsupported_response_type'],
    ['an unknown response_mode', '', { response_mode: 'web_message' }, 'invalid_request'],
    ['claims that are no object', '', { claims: '[]' }, 'invalid_request'],
    ['an id_token_hint that is none', '', { id_token_hint: 'e30.e30.' }, 'invalid_request'],
    ['no scope', '', { scope: undefined }, 'invalid_scope'],
    ['an unknown scope', '', { scope: 'root' }, 'invalid_scope'],
    ['a malformed scope', '', { scope: 'openid "x"' }, 'invalid_scope'],
    ['prompt=none and another', '', { prompt: 'none login' }, 'invalid_request'],
    ['a negative max_age', '', { max_age: '-1' }, 'invalid_request'],
    ['a max_age in another notation', '', { max_age: '1e3' }, 'invalid_request'],
    ['PKCE by plain', '', { code_challenge: long(43), code_challenge_method: 'plain' }, 'invalid_request'],
    ['PKCE by no method', '', { code_challenge: long(43) }, 'invalid_request'],
    ['a challenge that is too short', '', { code_challenge: 'x', code_challenge_method: 'S256' }, 'invalid_request'],
    ['a public client without PKCE', '', { client_id: 'demo-spa' }, 'invalid_request'],
    ['a request object', '', { request: 'e30.e30.' }, 'invalid_request_object'],
    ['a request_uri', '', { request_uri: 'http://169.254.169.254/' }, 'invalid_request_uri'],
    ['a registration', '', { registration: '{}' }, 'registration_not_supported'],
    ['an unknown resource', '', { resource: 'https://nowhere.example' }, 'invalid_target'],
    ['two scopes', '&scope=openid', {}, 'invalid_request'],
    ['two nonces', '&nonce=a&nonce=a', {}, 'invalid_request'],
    ['a nonce that is too long', '', { nonce: long(1025) }, 'invalid_request'],
    ['a NUL', '&nonce=%00', {}, 'invalid_request'],
    ['a lone surrogate', `&nonce=${loneSurrogate}`, {}, 'invalid_request'],
    ['bytes that are not UTF-8', '&nonce=%C0%AF', {}, 'invalid_request'],
    ['a stray percent sign', '&nonce=%zz', {}, 'invalid_request'],
  ])('%s', async (_what, change, fields, error) => {
    const { left, status } = await authorize(change, fields);
    expect(status).toBe(303);
    expect(left?.href.startsWith(`${callback}?`)).toBe(true);
    expect(Object.fromEntries(left?.searchParams ?? [])).toMatchObject({ error, state: 'a state', iss: plane.issuer });
  });

  it.each([
    ['doubled', '&state=b'],
    ['too long', `&state=${long(2049)}`],
    ['malformed', '&state=%00'],
  ])('a state that is %s is not sent back', async (_what, change) => {
    const { left } = await authorize(change, change === '&state=b' ? {} : { state: undefined });
    expect(left?.searchParams.get('error')).toBe('invalid_request');
    expect(left?.searchParams.has('state')).toBe(false);
  });

  it('a state comes back as it was, whatever is in it', async () => {
    const state = 'a&b=c#d ü\u{1F600}%00\r\nX: y"<';
    const { left } = await authorize('', { state, scope: undefined });
    expect(left?.searchParams.get('state')).toBe(state);
  });
});

describe('the token endpoint', () => {
  const demo = { Authorization: basic('demo', secrets.demo) };
  const send = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
    plainHttp(`${plane.issuer}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': form, ...demo, ...headers },
      body,
    });
  const errorOf = (text: string) => (JSON.parse(text) as { error?: string }).error;

  it.each<[string, string, string]>([
    ['no grant_type', '', 'invalid_request'],
    ['an unknown grant_type', 'grant_type=password', 'unsupported_grant_type'],
    ['a grant_type that it is not registered for', 'grant_type=client_credentials', 'unauthorized_client'],
    ['no code', 'grant_type=authorization_code', 'invalid_request'],
    ['no refresh_token', 'grant_type=refresh_token', 'invalid_request'],
    ['an unknown code', `grant_type=authorization_code&code=x&redirect_uri=${callback}`, 'invalid_grant'],
    ['an unknown refresh token', 'grant_type=refresh_token&refresh_token=v1.a.0.b.0.c', 'invalid_grant'],
    ['two grant_types', 'grant_type=refresh_token&grant_type=refresh_token', 'invalid_request'],
    ['two codes', 'grant_type=authorization_code&code=a&code=a', 'invalid_request'],
    ['a NUL', 'grant_type=refresh_token&refresh_token=%00', 'invalid_request'],
    ['a lone surrogate', `grant_type=refresh_token&refresh_token=${loneSurrogate}`, 'invalid_request'],
    ['a stray percent sign', 'grant_type=refresh_token&refresh_token=%', 'invalid_request'],
    ['a value of 60 KiB', `grant_type=refresh_token&refresh_token=${long(60 * 1024)}`, 'invalid_request'],
    ['a prototype’s member', 'grant_type=constructor&__proto__=x', 'unsupported_grant_type'],
  ])('%s', async (_what, body, error) => {
    const { status, headers, text } = await send('/token', body);
    expect([status, errorOf(text)]).toEqual([400, error]);
    expect(headers.get('Cache-Control')).toContain('no-store');
  });

  it.each<[string, Record<string, string>, string]>([
    ['a wrong secret', { Authorization: basic('demo', 'x') }, ''],
    ['an unknown client', { Authorization: basic('nobody', 'x') }, ''],
    ['malformed Basic', { Authorization: 'Basic %%%' }, ''],
    ['a NUL in Basic', { Authorization: basic('demo\0', secrets.demo) }, ''],
    ['another scheme', { Authorization: 'Bearer x' }, ''],
    ['the method that is not registered', { Authorization: '' }, `&client_id=demo&client_secret=${secrets.demo}`],
  ])('answers 401 to %s', async (_what, headers, more) => {
    const answer = await send('/token', `grant_type=client_credentials${more}`, headers);
    expect([answer.status, errorOf(answer.text)]).toEqual([401, 'invalid_client']);
    expect(answer.headers.get('WWW-Authenticate')).toContain('Basic');
  });

  it.each(['/token', '/introspect', '/revoke', '/sign-in', '/consent', '/logout', '/authorize'])(
    '%s takes forms alone, well-formed and of 64 KiB at most',
    async (path) => {
      for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'x/y', '']) {
        expect([type, (await send(path, '{"a":"b"}', { 'Content-Type': type })).status]).toEqual([type, 415]);
      }
      expect((await send(path, `a=${long(64 * 1024)}`)).status).toBe(413);
      expect((await send(path, Buffer.from([0x61, 0x3d, 0xc0, 0xaf]))).status).toBe(400);
    },
  );

  it.each(['/token', '/introspect', '/revoke'])('%s has no other method', async (path) => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD']) {
      const { status } = await plainHttp(`${plane.issuer}${path}`, { method, headers: demo });
      expect([method, status]).toEqual([method, 405]);
    }
  });

  it('a lot of nonsense at once troubles nobody else', async () => {
    const nonsense = Array.from({ length: 40 }, (_, index) =>
      send(index % 2 ? '/token' : '/sign-in', `grant_type=%00&a=${long(63 * 1024)}`).then(({ status }) => status),
    );
    const [tokens, ...statuses] = await Promise.all([client.signInForTokens(), ...nonsense]);
    expect((await client.userinfo(tokens.access_token)).status).toBe(200);
    expect(new Set(statuses)).toEqual(new Set([400]));
  });
});

describe('userinfo', () => {
  it.each<[string, string | undefined, number, string | null]>([
    ['nothing', undefined, 401, null],
    ['no JWT', 'Bearer x', 401, 'invalid_token'],
    [
      'an unsigned JWT',
      `Bearer ${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.e30.`,
      401,
      'invalid_token',
    ],
    ['two tokens', 'Bearer a b', 400, 'invalid_request'],
    ['30 KiB', `Bearer ${long(30 * 1024)}`, 401, 'invalid_token'],
  ])('refuses %s', async (_what, authorization, status, error) => {
    const headers = authorization === undefined ? {} : { Authorization: authorization };
    const answer = await plainHttp(`${plane.issuer}/userinfo`, { headers });
    expect(answer.status).toBe(status);
    const challenge = answer.headers.get('WWW-Authenticate') ?? '';
    expect(/error="([^"]+)"/.exec(challenge)?.[1] ?? null).toBe(error);
  });

  it('refuses an ID token, and a token in the query', async () => {
    const tokens = await client.signInForTokens();
    expect((await client.userinfo(tokens.id_token)).status).toBe(401);
    const query = await plainHttp(`${plane.issuer}/userinfo?access_token=${tokens.access_token}`);
    expect(query.status).toBe(400);
  });
});

describe('the listener', () => {
  it.each([
    ['evil.example', 421],
    ['localhost:1', 421],
    ['evil.example@localhost', 421],
  ])('answers Host %j with %d', async (host, status) => {
    for (const path of ['/authorize', '/token', '/nowhere']) {
      expect((await plainHttp(`${plane.issuer}${path}`, { headers: { Host: host } })).status).toBe(status);
    }
  });

  it('makes no link from Host or Forwarded headers', async () => {
    const headers = {
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Proto': 'https',
      Forwarded: 'host=evil.example',
    };
    const { text } = await plainHttp(`${plane.issuer}/.well-known/openid-configuration`, { headers });
    expect(text).not.toContain('evil.example');
  });

  it('refuses a query over 8 KiB, paths that are nobody’s, and tenants that are not there', async () => {
    expect((await plainHttp(`${client.authorizationUrl()}&a=${long(8 * 1024)}`)).status).toBe(414);
    for (const path of [
      '/',
      '/authorizee',
      '/authorize/x',
      '/jwks/t/nobody',
      '/t/nobody/.well-known/openid-configuration',
      '/%61uthorize',
      '/Authorize',
      '//authorize',
      '/jwks/t/globex/x',
      '/jwks/t/%00',
      '/jwks/t/default/../globex',
    ]) {
      const method = path.startsWith('/token') ? 'POST' : 'GET';
      const { status } = await plainHttp(`${plane.issuer}${path}`, { method });
      expect([path, status]).toEqual([path, 404]);
    }
  });
});

describe('a page’s form', () => {
  it.each<[string, (fields: Record<string, string>) => Record<string, string>]>([
    ['without what was sealed', () => ({ interaction: '' })],
    ['with it changed', ({ interaction = '' }) => ({ interaction: `${interaction.slice(0, -2)}AA` })],
    ['with nonsense in its place', () => ({ interaction: '\u{1F600}' })],
  ])('%s gets a page, and no session', async (_what, change) => {
    const agent = new UserAgent(plane.issuer);
    const page = await agent.open(client.authorizationUrl());
    const answer = await agent.submit(page, { ...alice, ...change(page.fields) });
    expect([answer.status, answer.left]).toEqual([400, undefined]);
    expect([...agent.cookies.keys()].some((name) => /^signet-[0-9a-f]{8}$/.test(name))).toBe(false);
  });

  it('of another browser gets a page, and no session', async () => {
    const mine = await open(client.authorizationUrl());
    const theirs = new UserAgent(plane.issuer);
    await theirs.open(client.authorizationUrl());
    for (const agent of [theirs, new UserAgent(plane.issuer)]) {
      const answer = await agent.submit(mine, { ...alice });
      expect([answer.status, answer.left]).toEqual([400, undefined]);
    }
  });

  it('cannot skip the password by going to consent', async () => {
    const agent = new UserAgent(plane.issuer);
    const page = await agent.open(client.authorizationUrl());
    const answer = await agent.submit({ ...page, action: '/consent' }, { decision: 'allow' });
    expect([answer.status, answer.left]).toEqual([400, undefined]);
  });

  it.each<[string, string, string]>([
    ['a wrong password', 'alice', 'not-her-password'],
    ['an unknown person', 'mallory', alice.password],
    ['a username of 60 KiB', long(60 * 1024), 'x'],
    ['a password of 60 KiB', 'alice', long(60 * 1024)],
    ['a username with a NUL', 'alice\0', alice.password],
    ['nothing', '', ''],
  ])('with %s is refused, and says what it may', async (_what, username, password) => {
    const agent = new UserAgent(plane.issuer);
    const answer = await agent.submit(await agent.open(client.authorizationUrl()), { username, password });
    expect([answer.status, answer.left]).toEqual([400, undefined]);
    if (password !== '' && password !== 'x') expect(answer.html).not.toContain(password);
  });

  it('does not frame, and is not stored', async () => {
    const { headers } = await open(client.authorizationUrl());
    expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('Cache-Control')).toBe('no-store');
  });
});

describe('logout', () => {
  const hintless = (agent: UserAgent) => agent.open(client.authorizationUrl({ prompt: 'none' }));

  it.each([
    'http://evil.example/',
    '//evil.example/',
    'javascript:alert(1)',
    `${afterLogout}/`,
    `${afterLogout}?x=1`,
    `${afterLogout}#x`,
    afterLogout.replace('//', '//evil.example@'),
    callback,
  ])('goes nowhere, and ends nothing, for %s', async (uri) => {
    const { agent, id_token: hint } = await client.signInForTokens();
    // Without a client that might have registered it, it is left aside, and the question is another.
    for (const [fields, status] of [
      [{ id_token_hint: hint }, 400],
      [{ client_id: 'demo' }, 400],
      [{}, 200],
    ] as const) {
      const query = new URLSearchParams({ ...fields, post_logout_redirect_uri: uri });
      const page = await agent.open(`${plane.issuer}/logout?${query.toString()}`);
      expect([page.status, page.left]).toEqual([status, undefined]);
      expect(page.html).not.toContain('evil.example');
    }
    expect((await hintless(agent)).left?.searchParams.has('code')).toBe(true);
  });

  it('takes an unsigned or changed hint for none', async () => {
    const { agent, id_token: hint } = await client.signInForTokens();
    const [, payload = ''] = hint.split('.');
    const unsigned = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${payload}.`;
    for (const id_token_hint of [unsigned, `${hint.slice(0, -8)}AAAAAAAA`, 'x']) {
      const query = new URLSearchParams({ id_token_hint, client_id: 'demo', post_logout_redirect_uri: afterLogout });
      const page = await agent.open(`${plane.issuer}/logout?${query.toString()}`);
      expect([page.status, page.left]).toEqual([200, undefined]);
    }
    expect((await hintless(agent)).left?.searchParams.has('code')).toBe(true);
  });

  it('asks again by its own page when a hint is posted from elsewhere, and puts it into no URL', async () => {
    const { agent, id_token: hint } = await client.signInForTokens();
    const body = new URLSearchParams({ id_token_hint: hint, post_logout_redirect_uri: afterLogout, state: '"><b>' });
    const elsewhere = new UserAgent(plane.issuer);
    const repost = await elsewhere.open(`${plane.issuer}/logout`, { method: 'POST', body });
    expect([repost.status, repost.action]).toEqual([200, '/logout']);
    expect(repost.html).not.toContain('<b>');
    // Lax cookies stayed away from that POST; those that its answer sets come to the browser all the same.
    const open = await agent.open(client.authorizationUrl({ prompt: 'login' }));
    for (const [name, value] of elsewhere.cookies) agent.cookies.set(name, value);
    expect((await agent.submit(open, { ...alice })).status).not.toBe(400);
    const { left } = await agent.submit(repost, {});
    expect(left?.href).toBe(`${afterLogout}?state=%22%3E%3Cb%3E`);
    expect((await hintless(agent)).left?.searchParams.get('error')).toBe('login_required');
  });
});

describe('a POST to /authorize', () => {
  const post = (body: string | URLSearchParams) =>
    new UserAgent(plane.issuer).send('/authorize', { method: 'POST', body });

  it('becomes a GET of the same parameters', async () => {
    const { search } = new URL(client.authorizationUrl());
    const answer = await post(new URLSearchParams(search.slice(1)));
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, `/authorize${search}`]);
  });

  it.each(['a=ü', 'a=\u{1F600}', 'a=#b', 'a=\0', 'a=b\r\nX: y', '/../../\\evil'])('keeps %j', async (text) => {
    const { search } = new URL(client.authorizationUrl());
    const answer = await plainHttp(`${plane.issuer}/authorize`, {
      method: 'POST',
      headers: { 'Content-Type': form },
      body: `${search.slice(1)}&${text}`,
    });
    expect([answer.status, answer.headers.get('X')]).toEqual([303, null]);
    expect(decodeURI(answer.headers.get('Location') ?? '').replace('%23', '#')).toBe(
      decodeURI(`/authorize${search}&${text}`),
    );
  });
});
