import { describe, expect, it } from '@jest/globals';
import type { DeadBy, FloorKind, Micros } from '@signet/contracts';
import { deadBy, type Standing, type StandingFloor } from './dead.js';

const at = (value: number) => value as Micros;

const standing: Standing = {
  tenantId: 'T',
  clientId: 'shop',
  since: at(1_000),
  jti: 'jti',
  instance: 'I',
  grant: 'G',
  session: 'S',
  account: 'A',
};

type Row = [kind: FloorKind, key: string, floor: StandingFloor, tenant?: string];

const lookupIn = (rows: readonly Row[]) => (tenantId: string, kind: FloorKind, key: string) =>
  rows.find(([k, id, , tenant = 'T']) => k === kind && id === key && tenant === tenantId)?.[2];

describe('deadBy', () => {
  it.each<[string, Row[], Partial<Standing>, DeadBy | undefined]>([
    ['nothing stands', [], {}, undefined],
    ['its jti', [['token', 'jti', {}]], {}, 'token'],
    ['another jti', [['token', 'other', {}]], {}, undefined],
    ['its instance', [['instance', 'I', {}]], {}, 'instance'],
    ['its session', [['session', 'S', {}]], {}, 'session'],
    ['its session, of which it is independent', [['session', 'S', {}]], { session: undefined }, undefined],
    ['its grant, at the same microsecond', [['grant', 'G', { at: at(1_000) }]], {}, 'grant'],
    ['its grant, a microsecond before', [['grant', 'G', { at: at(999) }]], {}, undefined],
    ['its account', [['account', 'A', { at: at(2_000) }]], {}, 'account'],
    ['its client', [['client', 'shop', { at: at(2_000) }]], {}, 'client'],
    ['its tenant', [['tenant', '', { at: at(2_000) }]], {}, 'tenant'],
    ['a tenant that is not its own', [['tenant', '', { at: at(2_000) }, 'U']], {}, undefined],
    ['its ids in another tenant', [['session', 'S', {}, 'U']], {}, undefined],
    ['a key of another kind', [['session', 'I', {}]], {}, undefined],
    ['versions, which forbid copies and end nothing', [['client_version', 'shop', { version: 9 }]], {}, undefined],
    [
      'its account, whose floor spares its session',
      [['account', 'A', { at: at(2_000), spare: { sessionId: 'S', after: at(0) } }]],
      {},
      undefined,
    ],
    [
      'its account, whose floor spares another session',
      [['account', 'A', { at: at(2_000), spare: { sessionId: 'R', after: at(0) } }]],
      {},
      'account',
    ],
    [
      'its account, sparing the session of which it is independent',
      [['account', 'A', { at: at(2_000), spare: { sessionId: 'S', after: at(0) } }]],
      { session: undefined },
      'account',
    ],
    [
      'its account, sparing what began later in its session',
      [['account', 'A', { at: at(2_000), spare: { sessionId: 'S', after: at(1_000) } }]],
      {},
      'account',
    ],
    [
      'its session, which an account floor spares',
      [
        ['account', 'A', { at: at(2_000), spare: { sessionId: 'S', after: at(0) } }],
        ['session', 'S', {}],
      ],
      {},
      'session',
    ],
    [
      'a client on its own behalf',
      [['client', 'shop', { at: at(1_000) }]],
      { account: undefined, session: undefined, grant: undefined },
      'client',
    ],
  ])('%s', (_case, rows, changes, expected) => {
    expect(deadBy({ ...standing, ...changes }, lookupIn(rows))).toBe(expected);
  });
});
