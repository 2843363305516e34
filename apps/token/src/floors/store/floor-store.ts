import type { Micros } from '@signet/contracts';
import type { Database } from '@signet/persistence';
import type { KeySets } from '../../keys/key-sets.js';
import type { FloorPoll, FloorReader } from '../floors.js';
import type { FloorRow } from '../floor-index.js';
import { findFloors, pollFloors } from './poll.js';
import { raiseTimed, raiseUntimed, raiseVersions, redate, type Raise } from './raise.js';

/** A reading of the clock that waited for its connection says less than the one that persistence makes. */
const promptMilliseconds = 100;

const timed: ReadonlySet<string> = new Set(['grant', 'account', 'client', 'tenant']);
const versions: ReadonlySet<string> = new Set([
  ...['client_version', 'account_version', 'tenant_version', 'authority_version'],
]);

/** Token's table of floors. */
export class FloorStore implements FloorReader {
  constructor(
    private readonly database: Database,
    private readonly monotonic: () => number = () => performance.now(),
    private readonly keys: Partial<Pick<KeySets, 'seeCompromised'>> = {},
  ) {}

  async poll(since: Micros | undefined, limit: number): Promise<FloorPoll> {
    const sentAt = this.monotonic();
    const rows = await this.database.execute(pollFloors, { since, limit });
    const [first] = rows;
    if (first === undefined) throw new TypeError('a poll has a row for its time');
    const receivedAt = this.monotonic();
    if (receivedAt - sentAt <= promptMilliseconds) this.database.clock.observe(first.now, sentAt, receivedAt);
    await this.keys.seeCompromised?.(first.compromisedKeys);
    return { began: first.began, rows: rows.flatMap(({ floor }) => floor ?? []) };
  }

  find(tenantId: string, keys: readonly (readonly [kind: string, key: string])[]): Promise<readonly FloorRow[]> {
    return this.database.execute(findFloors, { tenantId, keys });
  }

  /**
   * Commits floors, and dates those that have a time after their commit. Gives what changed. A repeat changes nothing, or ends what
   * a crash left half done.
   */
  async raise(raises: readonly Raise[]): Promise<FloorRow[]> {
    const rows: FloorRow[] = [];
    for (const round of roundsOf(raises)) {
      const untimed = round.filter(({ kind }) => !timed.has(kind) && !versions.has(kind));
      const ofVersion = round.filter(({ kind }) => versions.has(kind));
      const ofTime = round.filter(({ kind }) => timed.has(kind));
      if (untimed.length > 0) rows.push(...(await this.database.execute(raiseUntimed, untimed)));
      if (ofVersion.length > 0) rows.push(...(await this.database.execute(raiseVersions, ofVersion)));
      if (ofTime.length > 0) {
        rows.push(...(await this.database.execute(raiseTimed, ofTime)));
        rows.push(...(await this.database.execute(redate, ofTime)));
      }
    }
    return rows;
  }
}

/** One statement takes each floor once. */
function roundsOf(raises: readonly Raise[]): Raise[][] {
  const rounds: Map<string, Raise>[] = [];
  for (const raise of raises) {
    const key = `${raise.tenantId} ${raise.kind} ${raise.key}`;
    let round = rounds.find((candidate) => !candidate.has(key));
    if (round === undefined) rounds.push((round = new Map<string, Raise>()));
    round.set(key, raise);
  }
  return rounds.map((round) => [...round.values()]);
}
