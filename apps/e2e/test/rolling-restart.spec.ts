import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serviceNames } from '@signet/contracts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { developmentTls, Plane, Traffic, trustingFetch, twinTenants, until, type Part } from '../src/index.js';

/** How often each replica is restarted: SIGNET_TEST_ROUNDS=20 npm test -- apps/e2e/test/rolling-restart */
const rounds = Number(process.env['SIGNET_TEST_ROUNDS'] ?? 1);
/** Requests that are answered between two restarts, at least. */
const calm = 100;
const lanes = 4;
/** Milliseconds. */
const betweenRotations = 60_000;
/** Sign-ins whose page is open while a replica is restarted. */
const waiting = 3;

describe('five services of two replicas each, behind a stock nginx, with TLS to Postgres and NATS', () => {
  let directory: string;
  let fetch: ReturnType<typeof trustingFetch>;
  let plane: Plane;
  let traffic: Traffic;

  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'signet-e2e-rolling-'));
    const tls = await developmentTls(directory);
    fetch = trustingFetch(tls.ca);
    plane = await Plane.start({
      ...{ form: 'five processes', tls, innerTls: true, configuration: twinTenants() },
      replicas: Object.fromEntries(serviceNames.map((name) => [name, 2])),
      // Half of it is longer than nginx keeps an idle connection; and patient, since all of it shares the machine with other tests.
      env: { SIGNET_DRAIN: '4', SIGNET_DATABASE_PATIENCE: '10000' },
    });
  }, 180_000);
  afterAll(async () => {
    await plane.stop();
    fetch.close();
    rmSync(directory, { recursive: true, force: true });
  });

  beforeEach(async () => {
    traffic = await Traffic.at(plane.issuer, fetch);
    traffic.start(lanes);
    await answered(calm);
  });
  afterEach(() => traffic.stop());

  const answered = async (count: number, seconds = 60) => {
    const before = traffic.requests;
    await until('requests', () => Promise.resolve(traffic.requests >= before + count || undefined), seconds);
  };

  /** As a platform does it; gives the exit code. */
  const restart = async (part: Part) => {
    part.program.signal('SIGTERM');
    const code = await part.program.exited;
    await part.start();
    return `${part.name}: ${String(code)}`;
  };

  it(
    'fail no request while one replica after the other is restarted, and keys are rotated',
    async () => {
      let rotated = -Infinity;
      for (let round = 0; round < rounds; round += 1) {
        for (const part of plane.parts) {
          if (performance.now() - rotated > betweenRotations) {
            rotated = performance.now();
            await plane.signet('keys', 'rotate');
          }
          const open = await Promise.all(Array.from({ length: waiting }, () => traffic.openSignIn()));
          expect(await restart(part)).toBe(`${part.name}: 0`);
          for (const goOn of open) await goOn();
          await answered(calm);
        }
      }
      await traffic.stop();
      expect(traffic.failures).toEqual([]);
      expect(traffic.requests).toBeGreaterThan(rounds * plane.parts.length * calm);
    },
    300_000 + rounds * 180_000,
  );

  it('answer 503 at worst while NATS is restarted, and as ever soon after', async () => {
    await plane.restartNats();
    const soon = performance.now() + 10_000;
    await until(
      'two hundred requests without a failure',
      async () => {
        const before = traffic.failures.length;
        await answered(200);
        return traffic.failures.length === before || undefined;
      },
      60,
    );
    await traffic.stop();
    expect(traffic.failures.filter(({ status }) => status !== 503)).toEqual([]);
    expect(traffic.failures.filter(({ at }) => at > soon)).toEqual([]);
  }, 180_000);
});
