import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Administrator,
  AuditLog,
  CheckpointKeeper,
  consoleClient,
  Ledger,
  ownDatabase,
  Plane,
  seeded,
  Storms,
  StreamFollower,
  twinTenants,
  until,
  WebhookReceiver,
  Workload,
  type OwnDatabase,
} from '../src/index.js';

/** `npm run torture` gives minutes and, to see a run again, a seed. */
const minutes = Number(process.env['SIGNET_TORTURE_MINUTES'] ?? 0);
const seed = Number(process.env['SIGNET_TORTURE_SEED'] ?? 20_260_101);
/** Storms where no minutes are given. */
const few = 5;
/** Operations between two storms. */
const calm = 25;
const lanes = 6;

/** What was acknowledged is in the log, once, whatever befell the plane meanwhile (docs/audit-log.md). */
describe('the audit log of a plane in storms', () => {
  let postgres: OwnDatabase;
  let plane: Plane;
  let log: AuditLog;
  const random = seeded(seed);
  const ledger = new Ledger();
  let administrator: Administrator;
  let follower: StreamFollower;
  let checkpoints: CheckpointKeeper;
  let receiver: WebhookReceiver;
  /** Of the first event that the webhook is told of. */
  let told: number;

  beforeAll(async () => {
    receiver = await WebhookReceiver.open();
    postgres = await ownDatabase();
    plane = await Plane.start({
      ...{ form: 'five processes', failpoints: true },
      database: postgres,
      configuration: twinTenants([consoleClient]),
      env: { SIGNET_OUTBOUND_ALLOW: receiver.origin },
    });
    log = new AuditLog(plane);
    administrator = new Administrator(plane.issuer, `${plane.issuer}/token`);
    follower = new StreamFollower(plane, administrator);
    checkpoints = new CheckpointKeeper(`${plane.issuer}/audit/v1/log`);
    const { status, body } = await administrator.ask('POST', '/admin/v1/webhooks', { url: `${receiver.origin}/` });
    expect(status).toBe(201);
    told = Number(body?.['position']);
  }, 120_000);
  afterAll(async () => {
    await checkpoints.stop();
    await follower.stop();
    await plane.stop();
    await receiver.close();
  });

  it(
    'tells each acknowledged operation exactly once',
    async () => {
      const work = new Workload(plane, administrator, ledger, random);
      const storms = new Storms(plane, postgres, random);
      let over = false;
      const load = work.run(lanes, () => over);
      const workedOn = async () => {
        const before = ledger.size;
        await until('the work to go on', () => Promise.resolve(ledger.size >= before + calm || undefined), 120);
      };
      const storm: string[] = [];
      const end = performance.now() + minutes * 60_000;
      try {
        await workedOn();
        for (let count = 0; minutes > 0 ? performance.now() < end : count < few; count += 1) {
          // The loss of the stream and of the database comes for certain, the rest by chance.
          storm.push(
            await (count === 1 ? storms.nats({ wipe: true }) : count === 2 ? storms.database() : storms.any()),
          );
          await storms.calm();
          await workedOn();
        }
      } finally {
        over = true;
        await load;
      }
      await log.settled(120);
      expect({ seed, storm, faults: await ledger.faults(plane) }).toEqual({ seed, storm, faults: [] });
    },
    600_000 + minutes * 120_000,
  );

  it('has each aggregate in its order, without a gap', async () => {
    const entries = await log.entries();
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    const versions = new Map<string, number>();
    const gaps = entries.filter(({ aggregate, version }) => {
      const last = versions.get(aggregate) ?? 0;
      versions.set(aggregate, version);
      return version !== last + 1;
    });
    expect(gaps).toEqual([]);
    for (const type of ['token.token.issued', 'token.code.redeemed', 'directory.account.created']) {
      expect([type, ledger.countOf(`signet.${type}.v1`) > 0]).toEqual([type, true]);
    }
  });

  it('was streamed without a gap and without a repeat', async () => {
    const size = await log.size('default');
    await until('the stream to have told everything', () =>
      Promise.resolve((follower.indexes.at(-1) ?? 0) >= size - 1 || undefined),
    );
    expect(follower.indexes).toEqual(follower.indexes.map((_, place) => place));
  }, 60_000);

  it('was signed, each time, as a beginning of what it is now', async () => {
    await checkpoints.stop();
    expect(await checkpoints.faults()).toEqual([]);
    expect(checkpoints.count).toBeGreaterThan(few);
  }, 60_000);

  it('was told to a webhook whole, each aggregate in its order', async () => {
    const size = await log.size('default');
    const whole = size - told;
    await until(
      'the webhook to be told everything',
      () => Promise.resolve(receiver.indexes.length >= whole || undefined),
      120,
    );
    const { indexes, late, faults } = receiver;
    expect({ late, faults }).toEqual({ late: [], faults: [] });
    const first = indexes.filter((index) => index < size).sort((a, b) => a - b);
    expect(first).toEqual(Array.from({ length: whole }, (_, place) => told + place));
  }, 150_000);
});
