import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Plane, RawClient, secrets, twinTenants, until, UserAgent, type TokenSet } from '../src/index.js';

const limit = 5_000;

/** What ARCHITECTURE.md promises for each part that is down: a 503 with Retry-After, no 500, no hang, and recovery without a hand. */
describe('with a part down', () => {
  let plane: Plane;
  let client: RawClient;
  let service: RawClient;
  let tokens: TokenSet;
  let refreshToken: string;
  let agent: UserAgent;

  beforeAll(async () => {
    plane = await Plane.start({ form: 'five processes', configuration: twinTenants() });
    client = new RawClient(plane.issuer, 'default', 'demo', secrets.demo);
    service = new RawClient(plane.issuer, 'default', 'demo-service', secrets.service);
    const signedIn = await client.signInForTokens();
    [tokens, refreshToken, agent] = [signedIn, signedIn.refresh_token, signedIn.agent];
    // Both replicas of token get their copies while the directory is there.
    for (let round = 0; round < 6; round += 1) await everything();
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
    authorize: () => new UserAgent(plane.issuer).send(client.authorizationUrl()),
    sso: () => agent.send(client.authorizationUrl({ prompt: 'none' })),
    logout: () => agent.send(client.at('/logout')),
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
    authorize: 200,
    sso: 303,
    logout: 200,
  };
  const recovered = () =>
    until('everything to be up again', async () => {
      expect(await everything()).toEqual(up);
      return true;
    });

  it('has all of it up to begin with', async () => {
    expect(await everything()).toEqual(up);
  });

  it.each([
    ['session', { sso: 503, logout: 503 }],
    ['directory', {}],
    ['audit', {}],
  ] as const)(
    'goes on without %s',
    async (name, stopped) => {
      const part = plane.part(name);
      part.program.signal('SIGKILL');
      await part.program.exited;
      // A stock proxy has nobody to pass a dead service's own endpoints to.
      const own = name === 'session' ? { logout: 502 } : {};
      expect(await everything()).toEqual({ ...up, ...stopped, ...own });
      await part.start();
      await recovered();
    },
    60_000,
  );

  it('goes on without one of two replicas of token', async () => {
    const part = plane.part('token', 1);
    part.program.signal('SIGKILL');
    await part.program.exited;
    expect(await everything()).toEqual(up);
    await part.start();
    await recovered();
  }, 60_000);

  it('answers sign-in with 503 while both replicas of token are away', async () => {
    const parts = [plane.part('token', 0), plane.part('token', 1)];
    for (const { program } of parts) program.signal('SIGKILL');
    await Promise.all(parts.map(({ program }) => program.exited));
    expect(await outcomeOf('authorize')).toBe(200);
    expect(await outcomeOf('sso')).toBe(503);
    await Promise.all(parts.map((part) => part.start()));
    await recovered();
  }, 60_000);

  it('goes on at token without NATS, and refuses sign-in', async () => {
    await plane.nats.stop();
    const found = await everything();
    expect(found).toEqual({ ...up, sso: 503, logout: found.logout });
    await plane.startNatsAgain();
    await recovered();
  }, 60_000);
});
