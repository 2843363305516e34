import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  basic,
  callback,
  codeClient,
  forms,
  Plane,
  PlantedSecrets,
  RawClient,
  TraceCollector,
  twinTenants,
  until,
  UserAgent,
  type CollectedSpan,
  type Fetch,
} from '../src/index.js';

const kind = { server: 2, client: 3, producer: 4, consumer: 5 } as const;

/** What the OpenTelemetry specification has of a caller: its trace, and that it is collected. */
const traceOf = (flags: '01' | '00') => {
  const traceId = randomBytes(16).toString('hex');
  const header = `00-${traceId}-${randomBytes(8).toString('hex')}-${flags}`;
  const tracing: Fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('traceparent', header);
    return fetch(input, { ...init, headers });
  };
  return { traceId, header, tracing };
};

describe.each(forms)('traces, in %s', (form) => {
  const planted = new PlantedSecrets();
  const person = { username: planted.plant('username').toLowerCase(), password: planted.plant('password') };
  const secret = planted.plant('client secret');
  let collector: TraceCollector;
  let plane: Plane;
  let client: RawClient;

  beforeAll(async () => {
    collector = await TraceCollector.open();
    plane = await Plane.start({
      form,
      configuration: twinTenants(
        [codeClient('traced', { client_secret: secret, consent: 'first_party' })],
        [{ ...person, name: 'Carol' }],
      ),
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.origin, OTEL_BSP_SCHEDULE_DELAY: '100' },
    });
    client = new RawClient(plane.issuer, 'default', 'traced', secret);
  }, 180_000);
  afterAll(async () => {
    await plane.stop();
    await collector.close();
  });

  /** A whole sign-in, with its code redeemed. */
  async function signIn(tracing: Fetch): Promise<number> {
    const verifier = planted.plant('verifier').slice(0, 100);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const asked = { state: planted.plant('state'), nonce: planted.plant('nonce') };
    const url = client.authorizationUrl({ ...asked, code_challenge: challenge, code_challenge_method: 'S256' });
    const agent = new UserAgent(plane.issuer, tracing);
    const code = (await agent.authorize(url, person)).searchParams.get('code') ?? '';
    planted.keep('code', code);
    for (const [name, value] of agent.cookies) planted.keep(`cookie ${name}`, value);
    const answer = await tracing(client.at('/token'), {
      method: 'POST',
      headers: { Authorization: basic('traced', secret) },
      body: new URLSearchParams({
        ...{ grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: verifier },
      }),
    });
    const tokens = (await answer.json()) as Record<string, string>;
    planted.keep('access token', tokens['access_token']);
    planted.keep('refresh token', tokens['refresh_token']);
    return answer.status;
  }

  const named = (spans: readonly CollectedSpan[], service: string, name: string, of: keyof typeof kind) =>
    spans.filter((span) => span.service === `signet-${service}` && span.name === name && span.kind === kind[of]);

  it('show a sign-in across HTTP, NATS, Postgres and the event stream as one', async () => {
    const { traceId, tracing } = traceOf('01');
    expect(await signIn(tracing)).toBe(200);
    // Its last event is appended after the answer.
    await until('the events of the sign-in in the log', () => {
      const types = named(collector.of(traceId), 'audit', 'audit process', 'consumer').map(
        ({ attributes }) => attributes['signet.event.type'],
      );
      const all = ['signet.token.code.redeemed.v1', 'signet.session.session.created.v1'].every((type) =>
        types.includes(type),
      );
      return Promise.resolve(all || undefined);
    });
    const spans = collector.of(traceId);
    const one = (service: string, name: string, of: keyof typeof kind): CollectedSpan => {
      const [found] = named(spans, service, name, of);
      if (!found)
        throw new Error(
          `${service} has no ${of} span ${name}: ${spans.map((s) => `${s.service} ${s.name}`).join('\n')}`,
        );
      return found;
    };
    expect(one('authn', 'POST /sign-in', 'server').attributes).toMatchObject({ 'http.route': '/sign-in' });
    const posts = spans.filter(({ service, name }) => service === 'signet-authn' && name.startsWith('POST /'));
    for (const [service, subject] of [
      ['directory', 'signet.rpc.directory.v1.account.resolve'],
      ['session', 'signet.rpc.session.v1.session.create'],
      ['token', 'signet.rpc.token.v1.grant.issue'],
    ] as const) {
      const asked = one('authn', subject, 'client');
      const served = one(service, subject, 'server');
      expect(posts.map(({ spanId }) => spanId)).toContain(asked.parentSpanId);
      expect(served.parentSpanId).toBe(asked.spanId);
      expect(served.attributes['rpc.response.status_code']).toBe('ok');
      const statements = spans.filter(({ parentSpanId }) => parentSpanId === served.spanId);
      expect(statements.map(({ attributes }) => attributes['db.system.name'])).toContain('postgresql');
    }
    const token = one('token', 'POST /token', 'server');
    const redeeming = spans.filter(({ parentSpanId, kind: of }) => parentSpanId === token.spanId && of === kind.client);
    expect(redeeming.map(({ name }) => name)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^token\.code\./)]),
    );
    expect(named(spans, 'token', 'outbox send', 'producer').length).toBeGreaterThan(0);
    const appending = named(spans, 'audit', 'audit process', 'consumer').map(({ spanId }) => spanId);
    const appended = spans.filter(({ parentSpanId = '' }) => appending.includes(parentSpanId));
    expect(appended.map(({ name }) => name)).toEqual(expect.arrayContaining([expect.stringMatching(/^audit\.entry/)]));
    // Every span hangs on another one, or on the caller's.
    const ids = new Set(spans.map(({ spanId }) => spanId));
    const hanging = spans.filter(({ parentSpanId = '' }) => !ids.has(parentSpanId));
    expect(hanging.map(({ kind: of, attributes }) => [of, 'http.route' in attributes])).toEqual(
      hanging.map(() => [kind.server, true]),
    );
  });

  it('hold no secret, no query, no id and nobody', async () => {
    const accounts = await plane.query(
      async (pg) => (await pg.query<{ id: string }>('select id from directory.account')).rows,
    );
    for (const { id } of accounts) planted.keep('account', id);
    planted.keep('callback', callback);
    expect(collector.spans.length).toBeGreaterThan(20);
    expect(planted.in(collector.received)).toEqual([]);
    expect(collector.received).not.toMatch(/[?&]client_id=|select |insert |127\.0\.0\.1:\d+\/authorize/);
  });

  it('are not collected where the caller says so, and what runs by itself has none', async () => {
    const { traceId, tracing } = traceOf('00');
    expect(await signIn(tracing)).toBe(200);
    const after = traceOf('01');
    await after.tracing(client.at('/jwks'));
    await until('the trace of the later request', () => Promise.resolve(collector.of(after.traceId)[0]));
    expect(collector.of(traceId)).toEqual([]);
    const traces = new Set(collector.spans.map((span) => span.traceId));
    for (const trace of traces)
      expect(
        collector.of(trace).some(({ kind: of, attributes }) => of === kind.server && 'http.route' in attributes),
      ).toBe(true);
  });

  it('cost no request where the collector refuses them, and are sent at a stop', async () => {
    collector.status = 503;
    expect(await signIn(traceOf('01').tracing)).toBe(200);
    collector.status = 200;
    const { traceId, tracing } = traceOf('01');
    await tracing(client.at('/jwks'));
    await plane.part('token').program.stop();
    await plane.part('token', form === 'five processes' ? 1 : 0).program.stop();
    expect(collector.of(traceId).length).toBeGreaterThan(0);
  });
});
