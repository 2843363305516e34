import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Administrator,
  AuditLog,
  consoleClient,
  Crowd,
  ownDatabase,
  personOf,
  Plane,
  RawClient,
  secrets,
  seeded,
  shownSession,
  twinTenants,
  until,
  uses,
  type Attempt,
  type Member,
  type OwnDatabase,
} from '../src/index.js';

const seed = 20_250_101;
/** How many sessions are ended, where SIGNET_TEST_SESSIONS does not say. */
const crowdSize = Number(process.env['SIGNET_TEST_SESSIONS'] ?? 48);
/** Of those, as many go on, so that what is refused is not just everything. */
const staying = 6;
const atOnce = 6;
/** People that one file declares: each brings a password to be hashed. */
const perFile = 25;

/** A revocation that was acknowledged is seen by every replica within a second, and survives whatever happens (docs/adr/0002). */
describe('sessions that were ended', () => {
  let postgres: OwnDatabase;
  let plane: Plane;
  let crowd: Crowd;
  let administrator: Administrator;
  let log: AuditLog;
  const members: Member[] = [];
  const accounts = new Map<string, string>();
  const random = seeded(seed);
  const client = () => new RawClient(plane.issuer, 'default', 'demo', secrets.demo);

  beforeAll(async () => {
    postgres = await ownDatabase();
    plane = await Plane.start({
      form: 'five processes',
      database: postgres,
      replicas: { token: 2, session: 2 },
      configuration: twinTenants([consoleClient]),
    });
    const people = Array.from({ length: crowdSize + staying }, (_, number) => personOf(number));
    for (let from = 0; from < people.length; from += perFile) {
      await plane.signet('apply', '--config', twinTenants([consoleClient], people.slice(from, from + perFile)));
    }
    crowd = new Crowd(plane, random);
    log = new AuditLog(plane);
    administrator = new Administrator(plane.issuer, `${plane.issuer}/token`);
    for (let from = 0; from < crowdSize + staying; from += atOnce) {
      const numbers = Array.from({ length: Math.min(atOnce, crowdSize + staying - from) }, (_, index) => from + index);
      members.push(...(await Promise.all(numbers.map((number) => crowd.signIn(number)))));
    }
  }, 600_000);
  afterAll(() => plane.stop());

  const accountOf = async ({ number }: Member): Promise<string> => {
    const { username } = personOf(number);
    const known = accounts.get(username);
    if (known !== undefined) return known;
    const { body } = await administrator.ask('GET', `/admin/v1/accounts?username=${username}`);
    const [found] = body?.['items'] as readonly { id: string }[];
    if (!found) throw new Error(`no account ${username}`);
    accounts.set(username, found.id);
    return found.id;
  };
  const administered = async (method: string, path: string, body?: object) =>
    (await administrator.ask(method, path, body)).status;

  /** Each ends the session, and gives the status of the answer. */
  const ways: Readonly<Record<string, (member: Member) => Promise<number>>> = {
    logout: async ({ agent, tokens }) => {
      const query = new URLSearchParams({ id_token_hint: tokens.id_token });
      const page = await agent.open(`${client().at('/logout')}?${query.toString()}`);
      if (page.action !== undefined) throw new Error(`it is asked: ${page.title}`);
      return page.status;
    },
    'its end by an administrator': (member) => administered('DELETE', `/admin/v1/sessions/${shownSession(member)}`),
    'the end of all of its account': async (member) =>
      administered('POST', '/admin/v1/revocations', { kind: 'account', account_id: await accountOf(member) }),
    'its account, disabled': async (member) =>
      administered('PATCH', `/admin/v1/accounts/${await accountOf(member)}`, { enabled: false }),
    'another password': async (member) =>
      administered('PUT', `/admin/v1/credentials/${await accountOf(member)}/password`, {
        password: 'another-password',
      }),
  };
  /** Asked again for as long as it is not acknowledged; then there may be nothing there any more. */
  const end = async (member: Member, by: string) => {
    let repeated = false;
    await until('the end to be acknowledged', async () => {
      const status = (await ways[by]?.(member)) ?? 0;
      if ((status >= 200 && status < 300) || (repeated && status === 404)) return status;
      repeated = true;
      if (status !== 503) throw new Error(`${by} of ${member.number} was answered by ${status}`);
      return undefined;
    });
    member.ended = { at: performance.now(), by };
  };

  const lateGrants = (attempts: readonly Attempt[]) =>
    attempts
      .filter(
        ({ member: { ended }, began, outcome }) =>
          ended !== undefined && began > ended.at + 1_000 && outcome === 'granted',
      )
      .map(({ member, use }) => `${use} of ${member.number} after ${member.ended?.by ?? ''}`);

  /** Each session's own answer, once everything is up: what lives goes on, what was ended does not. */
  const expectOutcome = async () => {
    const waiting = members.values();
    const lane = async () => {
      for (const member of waiting) {
        const outcomes = await until('an answer to everything', async () => {
          const made = await crowd.attemptAll(member);
          return made.some(({ outcome }) => outcome === 'away') ? undefined : made.map(({ outcome }) => outcome);
        });
        const expected = member.ended === undefined ? 'granted' : 'refused';
        const who = [member.number, member.ended?.by];
        expect([who, ...new Set(outcomes)]).toEqual([who, expected]);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
  };

  it('are good for nothing at any replica a second later, at whatever moment under load', async () => {
    const leaving = members.slice(0, crowdSize);
    const remaining = [...leaving];
    const kept = new Map<Member, Member['code']>();
    let over = false;
    const load = Array.from({ length: atOnce }, async () => {
      while (!over) await crowd.attemptByChance(members);
    });
    let turn = 0;
    while (remaining.length > 0) {
      const [member] = remaining.splice(Math.floor(random() * remaining.length), 1);
      const by = Object.keys(ways)[turn++ % Object.keys(ways).length];
      if (!member || by === undefined) break;
      // So that there is something to redeem when it has ended, too; of one in each way also when the load has redeemed that.
      member.code = await crowd.codeOf(member);
      if (remaining.length < Object.keys(ways).length) kept.set(member, await crowd.codeOf(member));
      await end(member, by);
    }
    const last = performance.now();
    await until('a second to have gone by', () => Promise.resolve(performance.now() > last + 1_000 || undefined));
    for (const [member, code] of kept) {
      member.code = code;
      await crowd.attemptAll(member);
    }
    over = true;
    await Promise.all(load);
    const late = crowd.attempts.filter(({ member: { ended }, began }) => ended && began > last + 1_000);
    expect([...new Set(late.map(({ use }) => use))].sort()).toEqual([...uses].sort());
    for (const use of uses) {
      const granted = crowd.attempts.filter((attempt) => attempt.use === use && attempt.outcome === 'granted');
      expect([use, granted.length > 0]).toEqual([use, true]);
    }
    await expectOutcome();
    expect(lateGrants(crowd.attempts)).toEqual([]);
  }, 600_000);

  it('stay so when every process was killed, Postgres and NATS with them', async () => {
    for (const { program } of plane.parts) program.signal('SIGKILL');
    await Promise.all(plane.parts.map(({ program }) => program.exited));
    await plane.nats.stop();
    await postgres.halt();
    await postgres.startAgain();
    await plane.startNatsAgain();
    await Promise.all(plane.parts.map((part) => part.start()));
    await expectOutcome();
  }, 600_000);

  it('stay so when the stream was wiped, and its events come again, doubled and out of order', async () => {
    await plane.restartNats({ wipe: true });
    await log.settled();
    expect(await log.replay('%.token.revocation.raised')).toBeGreaterThan(0);
    expect(await log.replay('%.directory.account.%')).toBeGreaterThan(0);
    expect(await log.replay('%.session.session.%')).toBeGreaterThan(0);
    await expectOutcome();
  }, 600_000);
});
