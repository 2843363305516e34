import { afterEach, describe, expect, it } from '@jest/globals';
import { accountId, eventId, newId, tenantId, type Floor } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import type { UnraisedFloor } from '@signet/persistence';
import { ServiceLogger } from '../observability/service-logger.js';
import { FloorRaiser } from './floor-raiser.js';

const accountFloor = (raiseId = newId(eventId)): Floor => ({
  kind: 'account',
  raiseId,
  tenantId: newId(tenantId),
  reason: 'disabled',
  accountId: newId(accountId),
});

/** A table of unraised floors, and a token service that can be away or refuse. */
function make() {
  const rows = new Map<string, UnraisedFloor>();
  const token = {
    raised: [] as Floor[],
    requests: 0,
    refuses: undefined as ((floors: Floor[]) => MeshError | undefined) | undefined,
  };
  const execute = (s: { name: string }, p: unknown): Promise<never[]> => {
    const all = [...rows.values()];
    switch (s.name) {
      case 'persistence.unraised-floor.keep': {
        const row = p as UnraisedFloor;
        rows.set(row.id, { ...row, payload: JSON.parse(JSON.stringify(row.payload)) as unknown });
        return Promise.resolve([]);
      }
      case 'persistence.unraised-floor.list':
        return Promise.resolve(all as never[]);
      case 'service.unraised-floor.find':
        return Promise.resolve(all.filter(({ id }) => (p as string[]).includes(id)) as never[]);
      case 'service.unraised-floor.find-of-tenants':
        return Promise.resolve(all.filter(({ tenantId: of }) => (p as string[]).includes(of)).slice(0, 200) as never[]);
      case 'persistence.unraised-floor.drop':
        for (const id of (p as { ids: string[] }).ids) rows.delete(id);
        return Promise.resolve([]);
      default:
        throw new Error(s.name);
    }
  };
  const request = (_: unknown, { floors }: { floors: Floor[] }): Promise<never> => {
    token.requests++;
    const refusal = token.refuses?.(floors);
    if (refusal) return Promise.reject(refusal);
    token.raised.push(...floors);
    return Promise.resolve({ raised: floors.length } as never);
  };
  const logger = ServiceLogger.root('silent');
  const database = { execute } as never;
  raiser = new FloorRaiser({
    service: 'directory',
    database,
    requester: { request } as never,
    logger,
    failpoint: undefined,
  });
  return { rows, token, raiser, tx: { execute } as never };
}

let raiser: FloorRaiser | undefined;
afterEach(() => raiser?.stop());

const away = () => new MeshError('unavailable', 'away');

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('FloorRaiser', () => {
  it('keeps a floor with its change, and forgets it when token has committed it', async () => {
    const { rows, token, raiser, tx } = make();
    const floor = accountFloor();
    const version: Floor = { ...floor, kind: 'account_version', version: 2 } as Floor;
    await raiser.add(tx, [floor, version]);
    expect(rows.size).toBe(1);
    await raiser.raise([floor.raiseId]);
    expect(token.raised).toEqual([floor, version]);
    expect(rows.size).toBe(0);
    await raiser.raise([floor.raiseId]);
    expect(token.requests).toBe(1);
  });

  it.each([
    ['is away', away(), 'unavailable'],
    ['does not answer in time', new MeshError('deadline_exceeded', 'slow'), 'deadline_exceeded'],
    ['refuses', new MeshError('internal', 'a bug'), 'unavailable'],
  ])('acknowledges nothing where token %s, and keeps the floor', async (_, refusal, code) => {
    const { rows, token, raiser, tx } = make();
    const floor = accountFloor();
    await raiser.add(tx, [floor]);
    token.refuses = () => refusal;
    await expect(raiser.raise([floor.raiseId])).rejects.toMatchObject({ code });
    expect(rows.size).toBe(1);
  });

  it('leaves a floor that a newer version has more in to that version, and raises the others', async () => {
    const { rows, token, raiser, tx } = make();
    const [foreign, own] = [accountFloor(), accountFloor()];
    await raiser.add(tx, [Object.assign({ spares: 'somebody' }, foreign), own]);
    await expect(raiser.raise([foreign.raiseId])).rejects.toMatchObject({ code: 'unavailable' });
    raiser.start();
    await until(() => token.raised.length > 0);
    await raiser.stop();
    expect([token.raised, [...rows.keys()]]).toEqual([[own], [foreign.raiseId]]);
  });

  it('raises what is left of some tenants, however much it is, and of no other', async () => {
    const { rows, token, raiser, tx } = make();
    const mine = newId(tenantId);
    const left = Array.from({ length: 201 }, () => ({ ...accountFloor(), tenantId: mine }));
    const other = accountFloor();
    await raiser.add(tx, [...left, other]);
    await raiser.raiseLeftOf([mine]);
    expect([[...rows.keys()], token.raised.length]).toEqual([[other.raiseId], 201]);
    token.refuses = away;
    await expect(raiser.raiseLeftOf([other.tenantId])).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('raises at its start what an earlier process left', async () => {
    const { rows, token, raiser, tx } = make();
    const floor = accountFloor();
    await raiser.add(tx, [floor]);
    raiser.start();
    await until(() => rows.size === 0);
    expect(token.raised).toEqual([floor]);
  });

  it('goes on trying until token is back', async () => {
    const { rows, token, raiser, tx } = make();
    await raiser.add(tx, [accountFloor()]);
    token.refuses = away;
    raiser.start();
    await until(() => token.requests >= 2);
    token.refuses = undefined;
    await until(() => rows.size === 0);
  });

  it('does not let one that token refuses keep back the others', async () => {
    const { rows, token, raiser, tx } = make();
    const bad = accountFloor();
    await raiser.add(tx, [accountFloor(), bad, accountFloor()]);
    token.refuses = (floors) =>
      floors.some(({ raiseId }) => raiseId === bad.raiseId) ? new MeshError('invalid_argument', 'no') : undefined;
    raiser.start();
    await until(() => rows.size === 1);
    expect([...rows.keys()]).toEqual([bad.raiseId]);
  });
});
