import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  approveDevice,
  beginDevice,
  DpopProver,
  Plane,
  pollDevice,
  RawClient,
  secrets,
  tokensOf,
  twinTenants,
  UserAgent,
  waitingOf,
} from '../src/index.js';

/** What runs by itself, whoever asks: polls, relays, sweeps, leases, confirmations. */
const background =
  /^(?:persistence\.(?:outbox\.(?!record)|clock|transaction|manager|unraised-floor|partition|consumer-position|idempotency-key\.forget)|service\.|token\.(?:floor\.(?:poll|forget|redate-left)|key|signing-key|sweep|raise)|session\.(?:session\.(?:end-expired|forget)|delivery\.(?!enqueue))|authn\.(?:guess-bucket\.forget|setup\.take-unfinished)|directory\.(?:unforgotten\.|account\.find-due)|audit\.)|\.outbox\.confirm$/;

interface Counts {
  readonly messages: number;
  readonly statements: number;
}

describe('the budget of an operation, warm', () => {
  let plane: Plane;
  let client: RawClient;
  let service: RawClient;
  let bound: RawClient;
  let television: RawClient;

  beforeAll(async () => {
    plane = await Plane.start({ form: 'one process', configuration: twinTenants() });
    client = new RawClient(plane.issuer, 'default', 'demo', secrets.demo);
    service = new RawClient(plane.issuer, 'default', 'demo-service', secrets.service);
    await service.token({ grant_type: 'client_credentials', scope: 'api:read' });
    await client.refresh((await client.signInForTokens()).refresh_token);
    bound = client.proving(await DpopProver.create());
    // Its first proof lacks the nonce, which its answer tells.
    await bound.refresh('nonsense');
    television = new RawClient(plane.issuer, 'default', 'demo-tv');
    await beginDevice(television);
  }, 120_000);
  afterAll(() => plane.stop());

  const counters = async (): Promise<Map<string, number>> => {
    const text = await (await fetch(`${plane.part('token').management}/metrics`)).text();
    const lines = text.matchAll(/^(signet_database_statements_total|signet_requests_sent_total)\{([^}]*)\} (\d+)/gm);
    return new Map(
      [...lines].flatMap(([, metric = '', labels = '', value = '0']) => {
        const [, name = ''] = /(?:statement|subject)="([^"]+)"/.exec(labels) ?? [];
        return background.test(name) ? [] : [[`${metric} ${labels}`, Number(value)] as const];
      }),
    );
  };
  const spent = async (work: () => Promise<unknown>): Promise<Counts & { readonly what: string[] }> => {
    const before = await counters();
    await work();
    const what = [...(await counters())].flatMap(([key, value]) =>
      Array.from({ length: value - (before.get(key) ?? 0) }, () => key),
    );
    const of = (metric: string) => what.filter((key) => key.startsWith(metric)).length;
    return { messages: of('signet_requests_sent_total'), statements: of('signet_database_statements_total'), what };
  };
  /** Not one more than design allows; `what` is for whoever reads the failure. */
  const expectWithin = ({ messages, statements, what }: Counts & { what: string[] }, budget: Counts) => {
    expect({ within: messages <= budget.messages && statements <= budget.statements, what }).toEqual({
      within: true,
      what,
    });
  };

  it('client_credentials: no message; the statement is shared by group commit', async () => {
    const count = await spent(() => service.token({ grant_type: 'client_credentials', scope: 'api:read' }));
    expectWithin(count, { messages: 0, statements: 1 });
  });

  it('a code at /token: no message, one statement', async () => {
    const code = await client.signIn();
    expectWithin(await spent(() => client.redeem(code)), { messages: 0, statements: 1 });
  });

  it('refresh: no message, one statement', async () => {
    const { refresh_token: token } = await client.signInForTokens();
    expectWithin(await spent(() => client.refresh(token)), { messages: 0, statements: 1 });
  });

  // The proof is spent in a statement of its own, since it is spent whatever becomes of the grant.
  it('a code and a refresh with a DPoP proof: no message, one statement more', async () => {
    const code = await bound.signIn();
    expectWithin(await spent(() => bound.redeem(code)), { messages: 0, statements: 2 });
    const { refresh_token: token } = await bound.signInForTokens();
    expectWithin(await spent(() => bound.refresh(token)), { messages: 0, statements: 2 });
  });

  it('a device that begins, that waits, and that redeems: no message, one statement each', async () => {
    const waiting = waitingOf(await beginDevice(television));
    expectWithin(await spent(() => beginDevice(television)), { messages: 0, statements: 1 });
    const pending = await spent(async () => {
      expect((await pollDevice(television, waiting)).body).toMatchObject({ error: 'authorization_pending' });
    });
    expectWithin(pending, { messages: 0, statements: 1 });
    expect((await approveDevice(waiting, new UserAgent(plane.issuer))).status).toBe(200);
    const redeemed = await spent(async () => {
      expect(tokensOf(await pollDevice(television, waiting)).id_token).not.toBe('');
    });
    expectWithin(redeemed, { messages: 0, statements: 1 });
  });

  it('/authorize with a live session: two messages, two statements', async () => {
    const { agent } = await client.signIn();
    const count = await spent(() => agent.send(client.authorizationUrl()));
    expectWithin(count, { messages: 2, statements: 2 });
  });

  it('/authorize with a pushed request and a live session: three messages, three statements', async () => {
    const { agent } = await client.signIn();
    const { search } = new URL(client.authorizationUrl());
    const { body } = await client.post('/par', Object.fromEntries(new URLSearchParams(search)));
    const query = new URLSearchParams({ client_id: 'demo', request_uri: String(body['request_uri']) }).toString();
    const count = await spent(async () => {
      const answer = await agent.send(`${client.at('/authorize')}?${query}`);
      expect(answer.headers.get('Location')).toContain('code=');
    });
    expectWithin(count, { messages: 3, statements: 3 });
  });

  it('a push: no message, one statement', async () => {
    const { search } = new URL(client.authorizationUrl());
    const count = await spent(() => client.post('/par', Object.fromEntries(new URLSearchParams(search))));
    expectWithin(count, { messages: 0, statements: 1 });
  });

  it('introspection and userinfo of an access token: nothing at all', async () => {
    const { access_token: token } = await client.signInForTokens();
    expectWithin(await spent(() => client.introspect(token)), { messages: 0, statements: 0 });
    expectWithin(await spent(() => client.userinfo(token)), { messages: 0, statements: 0 });
  });

  it('introspection of a refresh token, and revocation: one statement', async () => {
    const { refresh_token: refresh, access_token: access } = await client.signInForTokens();
    expectWithin(await spent(() => client.introspect(refresh)), { messages: 0, statements: 1 });
    expectWithin(await spent(() => client.revoke(access)), { messages: 0, statements: 1 });
  });

  it('a password: three messages, six statements', async () => {
    const agent = new UserAgent(plane.issuer);
    const page = await agent.open(client.authorizationUrl());
    const count = await spent(() => agent.submit(page, { username: 'alice', password: 'wonderland-1' }));
    expectWithin(count, { messages: 3, statements: 6 });
  });
});
