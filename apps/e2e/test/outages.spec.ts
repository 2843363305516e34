import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Administrator,
  alice,
  consoleClient,
  ownDatabase,
  Plane,
  RawClient,
  secrets,
  twinTenants,
  until,
  UserAgent,
  withinASecond,
  type OwnDatabase,
  type Part,
  type TokenSet,
} from '../src/index.js';

const limit = 5_000;

/** What ARCHITECTURE.md promises for each part that is down: a 503 with Retry-After, no 500, no hang, and recovery without a hand. */
describe('with a part down', () => {
  let postgres: OwnDatabase;
  let plane: Plane;
  let client: RawClient;
  let service: RawClient;
  let tokens: TokenSet;
  let refreshToken: string;
  /** Given back over and over. */
  let spent: string;
  let agent: UserAgent;
  let administrator: Administrator;
  let account: string;

  beforeAll(async () => {
    postgres = await ownDatabase();
    plane = await Plane.start({
      form: 'five processes',
      configuration: twinTenants([consoleClient]),
      database: postgres,
    });
    client = new RawClient(plane.issuer, 'default', 'demo', secrets.demo);
    service = new RawClient(plane.issuer, 'default', 'demo-service', secrets.service);
    const signedIn = await client.signInForTokens();
    [tokens, refreshToken, agent] = [signedIn, signedIn.refresh_token, signedIn.agent];
    const given = await calls.clientCredentials();
    spent = String(given.body['access_token']);
    administrator = new Administrator(plane.issuer, client.at('/token'));
    const found = await administrator.ask('GET', '/admin/v1/accounts?username=alice');
    [{ id: account }] = found.body?.['items'] as [{ id: string }];
    await recovered();
  }, 120_000);
  afterAll(() => plane.stop());

  /** One call of every kind: its status, or `too slow`. */
  const calls = {
    discovery: () => fetch(`${plane.issuer}/.well-known/openid-configuration`),
    jwks: () => fetch(`${plane.issuer}/jwks`),
    clientCredentials: () => service.token({ grant_type: 'client_credentials', scope: 'api:read' }),
    refresh: async () => {
      const answer = await client.refresh(refreshToken);
      const next = answer.body['refresh_token'];
      if (typeof next === 'string') refreshToken = next;
      return answer;
    },
    userinfo: () => client.userinfo(tokens.access_token),
    introspect: () => client.introspect(tokens.access_token),
    revoke: () => service.revoke(spent),
    authorize: () => new UserAgent(plane.issuer).send(client.authorizationUrl()),
    sso: () => agent.send(client.authorizationUrl({ prompt: 'none' })),
    logout: () => agent.send(client.at('/logout')),
    accountPage: () => agent.send(client.at('/account')),
    // Of each service that has something to administer.
    accounts: () => administrator.ask('GET', '/admin/v1/accounts'),
    credentials: () => administrator.ask('GET', `/admin/v1/credentials/${account}`),
    keys: () => administrator.ask('GET', '/admin/v1/keys'),
    sessions: () => administrator.ask('GET', '/admin/v1/sessions'),
    scim: () => administrator.ask('GET', '/scim/v2/Users?count=1'),
  };
  type Call = keyof typeof calls;

  const outcomeOf = async (call: Call): Promise<number | string> => {
    const began = performance.now();
    const answer = await calls[call]();
    if (performance.now() - began > limit) return 'too slow';
    return answer.status === 503 && answer.headers.get('Retry-After') === null
      ? '503 without Retry-After'
      : answer.status;
  };
  const everything = async () => {
    const entries: [Call, number | string][] = [];
    for (const call of Object.keys(calls) as Call[]) entries.push([call, await outcomeOf(call)]);
    return Object.fromEntries(entries) as Record<Call, number | string>;
  };

  const up = {
    discovery: 200,
    jwks: 200,
    clientCredentials: 200,
    refresh: 200,
    userinfo: 200,
    introspect: 200,
    revoke: 200,
    authorize: 200,
    sso: 303,
    logout: 200,
    accountPage: 200,
    accounts: 200,
    credentials: 200,
    keys: 200,
    sessions: 200,
    scim: 200,
  };
  const administration = { accounts: 503, credentials: 503, keys: 503, sessions: 503, scim: 503 };
  const allAway = Object.fromEntries(Object.keys(up).map((call) => [call, 503])) as Record<Call, number>;
  const recovered = async () => {
    // Its token is asked for with the first call, and lives longer than any outage here.
    administrator = new Administrator(plane.issuer, client.at('/token'));
    await until('everything to be up again', async () => {
      expect(await everything()).toEqual(up);
      return true;
    });
    // Both replicas of token get their copies, for the next outage.
    for (let round = 0; round < 4; round += 1) expect(await everything()).toEqual(up);
  };

  it('has all of it up to begin with', async () => {
    expect(await everything()).toEqual(up);
  });

  /** The parts killed for the time of `look`, and then everything up again by itself. */
  const without = async (parts: readonly Part[], look: () => Promise<void>) => {
    for (const { program } of parts) program.signal('SIGKILL');
    await Promise.all(parts.map(({ program }) => program.exited));
    await look().finally(() => Promise.all(parts.map((part) => part.start())));
    await recovered();
  };
  const withoutNats = async (look: () => Promise<void>) => {
    await plane.nats.stop();
    await look().finally(() => plane.startNatsAgain());
    await recovered();
  };

  it.each([
    ['authn', { authorize: 503, sso: 503, accountPage: 503, credentials: 503 }],
    ['session', { sso: 503, logout: 503, accountPage: 503, sessions: 503 }],
    ['directory', administration],
    ['audit', {}],
  ] as const)(
    'goes on without %s',
    (name, stopped) =>
      without([plane.part(name)], async () => {
        expect(await everything()).toEqual({ ...up, ...stopped });
      }),
    60_000,
  );

  it(
    'goes on without one of two replicas of token',
    () =>
      without([plane.part('token', 1)], async () => {
        expect(await everything()).toEqual(up);
      }),
    60_000,
  );

  it(
    'shows sign-in and refuses the rest without both replicas of token',
    () =>
      without([plane.part('token', 0), plane.part('token', 1)], async () => {
        expect(await everything()).toEqual({ ...allAway, authorize: 200, logout: 200 });
      }),
    60_000,
  );

  it(
    'goes on at token without NATS, and refuses sign-in',
    () =>
      withoutNats(async () => {
        expect(await everything()).toEqual({ ...up, ...administration, sso: 503, accountPage: 503 });
      }),
    60_000,
  );

  it('ends a session for good whose end it could not confirm', async () => {
    const { agent: leaving, access_token: token } = await client.signInForTokens({ scope: 'openid' });
    const question = await leaving.open(client.at('/logout'));
    await withoutNats(async () => {
      // The second time the session is ended, and still nobody may be told so.
      for (let turn = 0; turn < 2; turn += 1) {
        const answer = await leaving.submit(question, { decision: 'allow' });
        expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
      }
    });
    const answer = await leaving.submit(question, { decision: 'allow' });
    expect(answer.status).toBe(200);
    await withinASecond(performance.now(), async () => {
      expect((await client.userinfo(token)).status).toBe(401);
    });
    const { left } = await leaving.open(client.authorizationUrl({ prompt: 'none' }));
    expect(left?.searchParams.get('error')).toBe('login_required');
  }, 60_000);

  it('tells who it is and its keys without Postgres, and refuses the rest', async () => {
    const stopped = { ...allAway, discovery: 200, jwks: 200 };
    const arriving = new UserAgent(plane.issuer);
    const page = await arriving.open(client.authorizationUrl());
    await postgres.halt();
    const answers: Record<Call, number | string>[] = [];
    try {
      await until('everybody to notice', async () => {
        answers.push(await everything());
        expect(answers.at(-1)).toEqual(stopped);
        return true;
      });
      expect((await arriving.submit(page, { ...alice })).status).toBe(503);
    } finally {
      await postgres.startAgain();
    }
    // What token has read is good for less than a second more, and what authn knows of the time for five; that much, and nothing but 503 after it.
    for (const { userinfo, introspect, authorize, ...others } of answers) {
      expect({ ...others, userinfo: 503, introspect: 503, authorize: 503 }).toEqual(stopped);
      for (const read of [userinfo, introspect, authorize]) expect([200, 503]).toContain(read);
    }
    await recovered();
    expect((await client.signInForTokens()).refresh_token).toBeDefined();
  }, 60_000);
});
