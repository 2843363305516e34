import { describe, expect, it } from '@jest/globals';
import {
  micros,
  newId,
  plusSeconds,
  signInFailed,
  signInFailuresSummarised,
  tenantId,
  type RecordedEvent,
} from '@signet/contracts';
import { loadKeyring, newKeyring } from '@signet/keys';
import { ServiceLogger } from '../observability/service-logger.js';
import { EventFactory } from './event-factory.js';
import { FailureLog } from './failure-log.js';
import { openPersonalPart, readPersonalPart } from './personal-part.js';

const keyring = loadKeyring(newKeyring());
const start = micros.parse(1_767_225_600_000_000);

function make() {
  const state = { now: start, recorded: [] as RecordedEvent[], fails: false };
  const clock = { now: () => state.now };
  const log = new FailureLog({
    record: (event) => {
      if (state.fails) return Promise.reject(new Error('the outbox is full'));
      state.recorded.push(event);
      return Promise.resolve();
    },
    events: new EventFactory(keyring, clock),
    clock,
    logger: ServiceLogger.root('silent'),
  });
  const tenant = newId(tenantId);
  const fail = (ip: string, reason = 'wrong_password') =>
    log.record(signInFailed, signInFailuresSummarised, {
      tenantId: tenant,
      context: { actor: 'anonymous', network: { ip, userAgent: 'browser' } },
      data: {},
      personal: { username: 'alice' },
      reason,
    });
  const summaries = () => state.recorded.filter(({ head }) => head['type'] === signInFailuresSummarised.type);
  return { state, log, fail, summaries };
}

describe('FailureLog', () => {
  it('records ten one by one, and the rest as one summary with its count, reason, network and times', async () => {
    const { state, log, fail, summaries } = make();
    for (let i = 0; i < 25; i++) {
      await fail('192.0.2.7');
      state.now = plusSeconds(state.now, 1);
    }
    expect(state.recorded).toHaveLength(10);
    await log.flush();
    expect(state.recorded).toHaveLength(11);
    const [summary] = summaries();
    expect(summary?.head).toMatchObject({
      reason: 'wrong_password',
      data: { count: 15, from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T00:00:24.000Z' },
    });
    const opened = openPersonalPart(keyring, summary?.personal ?? new Uint8Array(), summary?.id ?? '');
    expect(opened?.digest).toBe(summary?.head['personaldigest']);
    expect(opened && readPersonalPart(opened.bytes)).toEqual({ network: { ip: '192.0.2.7', userAgent: '' } });
  });

  it('counts each network, by its /64, and each reason for itself', async () => {
    const { state, log, fail, summaries } = make();
    for (let i = 0; i < 12; i++) {
      await fail('192.0.2.7');
      await fail('192.0.2.8');
      await fail(`2001:db8::${i}`);
      await fail('192.0.2.7', 'unknown_account');
    }
    expect(state.recorded).toHaveLength(40);
    await log.flush();
    expect(summaries().map(({ head }) => (head['data'] as { count: number }).count)).toEqual([2, 2, 2, 2]);
  });

  it('begins each minute anew, and says nothing of a quiet one', async () => {
    const { state, log, fail, summaries } = make();
    for (let i = 0; i < 10; i++) await fail('192.0.2.7');
    await log.flush();
    for (let i = 0; i < 10; i++) await fail('192.0.2.7');
    await log.flush();
    expect(state.recorded).toHaveLength(20);
    expect(summaries()).toEqual([]);
  });

  it('passes on that an event could not be recorded, and loses no count where a summary could not', async () => {
    const { state, log, fail, summaries } = make();
    for (let i = 0; i < 12; i++) await fail('192.0.2.7');
    state.fails = true;
    await log.flush();
    await expect(fail('192.0.2.9')).rejects.toThrow('full');
    state.fails = false;
    for (let i = 0; i < 3; i++) await fail('192.0.2.7');
    await log.flush();
    expect(summaries().map(({ head }) => (head['data'] as { count: number }).count)).toEqual([5]);
  });
});
