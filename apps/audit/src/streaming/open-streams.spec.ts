import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { micros, newId, tenantId, type TenantId } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import type { AccessTokenChecks, Authorities, ManagementProblem } from '@signet/service';
import { TypeFilter } from '../reading/type-filter.js';
import { EventStream } from './event-stream.js';
import { Judgements } from './judgements.js';
import { OpenStreams } from './open-streams.js';

const [acme, globex] = [newId(tenantId), newId(tenantId)];
const jwt = (exp: number) => `e30.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.e30`;

/** What token and directory say, and how often they were asked. */
class Judges {
  answer: 'live' | 'refused' | 'away' = 'live';
  /** Tokens that are never judged. */
  readonly stuck = new Set<string>();
  held = ['events:read'];
  asked = 0;

  readonly checks = {
    check: ({ token }: { token: string }) => {
      this.asked += 1;
      if (this.stuck.has(token)) return new Promise<never>(() => undefined);
      if (this.answer === 'away') return Promise.reject(new MeshError('unavailable', 'away'));
      const tenant = { id: acme, slug: 'acme', issuer: 'https://id.example' };
      return Promise.resolve({ outcome: this.answer, tenant, clientId: 'siem', accountId: null });
    },
  } as unknown as AccessTokenChecks;

  readonly authorities = {
    of: () => Promise.resolve(this.held.map((name) => ({ name, organisationId: null }))),
  } as unknown as Authorities;
}

describe('the streams of a replica', () => {
  let judges: Judges;
  let judgements: Judgements;
  let streams: OpenStreams;
  const clock = { at: 1_000_000_000, now: () => micros.parse(clock.at * 1_000_000) };

  beforeEach(() => {
    jest.useFakeTimers();
    judges = new Judges();
    judgements = new Judgements(judges.checks, judges.authorities, clock, { warn: () => undefined });
    judgements.start();
    streams = new OpenStreams(judgements, { perTenant: 2, altogether: 3 });
    streams.start();
  });
  afterEach(() => {
    streams.end();
    judgements.stop();
    jest.useRealTimers();
  });

  /** Opens one; gives what was written to it. */
  function open(tenant: TenantId = acme, token = 'opaque') {
    const output = new PassThrough();
    const text: string[] = [];
    output.on('data', (chunk: Buffer) => text.push(chunk.toString('utf8')));
    const permissions = ['events:read'];
    const place = streams.enter(tenant, {
      scheme: 'Bearer',
      token,
      method: 'GET',
      path: '/audit/v1/stream',
      permissions,
    });
    const log = { size: 0, take: () => Promise.reject(new Error('empty')), end: () => undefined };
    const stream = new EventStream({
      ...{ output, log, from: 0, types: new TypeFilter([]), personal: undefined, logger: { warn: () => undefined } },
      onEnd: () => {
        place.leave();
      },
    });
    place.fill(stream);
    return { stream, said: () => text.join('') };
  }
  const refusal = (act: () => unknown) => {
    try {
      act();
      return undefined;
    } catch (error) {
      const { code, headers } = error as ManagementProblem;
      return [code, headers['Retry-After']];
    }
  };

  it('are no more of a tenant, and no more altogether, than it bears', () => {
    const first = open();
    open();
    expect(refusal(() => open())).toEqual(['too-many-requests', '5']);
    open(globex);
    expect(refusal(() => open(globex))).toEqual(['unavailable', '5']);
    first.stream.end();
    open(globex);
    expect(streams.count).toBe(3);
  });

  it('are judged again within ten seconds, and end with the word for it', async () => {
    const { said } = open();
    await jest.advanceTimersByTimeAsync(30_000);
    expect(judges.asked).toBeGreaterThanOrEqual(3);
    expect(said()).not.toContain('event: end');
    judges.answer = 'refused';
    await jest.advanceTimersByTimeAsync(10_000);
    expect(said()).toContain('event: end\ndata: {"reason":"token"}\n\n');
    expect(streams.count).toBe(0);
  });

  it('end where the permission is gone', async () => {
    const { said } = open();
    judges.held = ['clients:read'];
    await jest.advanceTimersByTimeAsync(10_000);
    expect(said()).toContain('{"reason":"permission"}');
  });

  it('end when their token expires, whoever is away', async () => {
    const { said } = open(acme, jwt(clock.at + 5));
    judges.answer = 'away';
    await jest.advanceTimersByTimeAsync(4_000);
    expect(said()).not.toContain('event: end');
    clock.at += 5;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(said()).toContain('{"reason":"token"}');
  });

  it('outlast a minute without judges, and no more', async () => {
    const { said } = open();
    judges.answer = 'away';
    await jest.advanceTimersByTimeAsync(59_000);
    expect(said()).not.toContain('event: end');
    await jest.advanceTimersByTimeAsync(3_000);
    expect(said()).toContain('{"reason":"unjudged"}');
  });

  it('are asked about again after a judgement that failed, and one at a time', async () => {
    const { said } = open();
    judges.answer = 'away';
    await jest.advanceTimersByTimeAsync(20_000);
    judges.answer = 'live';
    await jest.advanceTimersByTimeAsync(60_000);
    expect(said()).not.toContain('event: end');
    open(acme, 'stuck');
    judges.stuck.add('stuck');
    judges.asked = 0;
    await jest.advanceTimersByTimeAsync(50_000);
    expect(judges.asked).toBeLessThanOrEqual(7);
  });

  it('are judged though another tenant has many whose judgements do not come', async () => {
    streams.end();
    streams = new OpenStreams(judgements);
    streams.start();
    judges.stuck.add('stuck');
    for (let count = 0; count < 20; count += 1) open(acme, 'stuck');
    const { said } = open(globex);
    await jest.advanceTimersByTimeAsync(90_000);
    expect(said()).not.toContain('event: end');
    expect(streams.count).toBe(1);
  });

  it('say that they are alive', async () => {
    const { said } = open();
    await jest.advanceTimersByTimeAsync(46_000);
    expect(said().match(/^:$/gm)?.length).toBeGreaterThanOrEqual(3);
  });
});
