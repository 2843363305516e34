import { describe, expect, it } from '@jest/globals';
import type { ShownChange, ShownPlan } from './plan.js';
import { linesOf } from './show-plan.js';

const change = (changed: Partial<ShownChange>): ShownChange => ({
  ...{ tenant: 'default', kind: 'clients', name: 'web', action: 'update', members: [] },
  ...changed,
});
const shown = (plan: Partial<ShownPlan>, colour = false) =>
  linesOf({ changes: [], unmanaged: [], ...plan }, { colour });

describe('a plan as it is shown', () => {
  it('tells members before and after, lists by what comes and goes, secrets not at all', () => {
    const members = [
      { member: 'client_name', before: 'Web', after: 'The "web"' },
      { member: 'redirect_uris', before: ['a', 'b'], after: ['b', 'c'] },
      { member: 'grant_types', before: ['a', 'b'], after: ['b', 'a'] },
      { member: 'default_max_age', after: 60 },
      { member: 'logo_uri', before: 'l' },
      { member: 'client_secret', secret: true as const },
    ];
    expect(shown({ changes: [change({ members })] })).toEqual([
      'tenant default',
      '  ~ client web',
      '      client_name: "Web" → "The \\"web\\""',
      '      redirect_uris: - "a"  + "c"',
      '      grant_types: ["a","b"] → ["b","a"]',
      '      default_max_age: none → 60',
      '      logo_uri: "l" → none',
      '      client_secret: (changed)',
      '',
      '0 to create, 1 to change, 0 to delete.',
    ]);
  });

  it('tells what is new, what goes, and what is not in the file, by tenant', () => {
    const members = [
      { member: 'name', after: 'Alice' },
      { member: 'password', secret: true as const },
    ];
    const others = { tenant: 'other', declaredBefore: 0, registeredThemselves: 0 };
    expect(
      shown({
        changes: [
          change({ kind: 'users', name: 'alice', action: 'create', members }),
          change({ kind: 'resource_servers', name: 'https://a.example', action: 'delete' }),
        ],
        unmanaged: [
          { ...others, kind: 'users', count: 3 },
          { ...others, kind: 'resource_servers', count: 2, declaredBefore: 1 },
          { ...others, kind: 'clients', count: 0, registeredThemselves: 4 },
        ],
      }),
    ).toEqual([
      'tenant default',
      '  + user alice',
      '      name: "Alice"',
      '      password: (new)',
      '  - resource server https://a.example',
      '',
      'tenant other',
      '  not in the file: 3 users, 2 resource servers (1 once declared)',
      '  clients that registered themselves: 4',
      '',
      '1 to create, 0 to change, 1 to delete.',
    ]);
  });

  it('tells of drift when it was, after which plan, and by whom', () => {
    const plan = '018f0000-0000-7000-8000-000000000001';
    const drift = { changedAt: '2026-01-02T00:00:00.000Z', plan, appliedAt: '2026-01-01T00:00:00.000Z' };
    const lines = shown({ changes: [change({ drift: { ...drift, by: 'account:1' } }), change({ drift })] });
    const after = 'after pln_018f0000000070008000000000000001 of 2026-01-01T00:00:00.000Z';
    expect(lines).toContain(`      was changed at 2026-01-02T00:00:00.000Z by account:1, ${after}`);
    expect(lines).toContain(`      was changed at 2026-01-02T00:00:00.000Z by somebody, ${after}`);
    expect(lines.at(-1)).toMatch(/Of these, 2 had been changed since they were last applied\.$/);
  });

  it('is coloured where that is wanted, and whoever names an object does not colour it', () => {
    expect(shown({ changes: [change({})] }, true)).toContain('\u001b[33m  ~ client web\u001b[0m');
    const name = 'a\u001b[2K\u009b1mb\u202ec';
    const members = [{ member: 'client_name', before: name, after: 'x' }];
    const text = shown({ changes: [change({ name, members })] }).join('\n');
    expect(text).toContain('client a\\u{1b}[2K\\u{9b}1mb\\u{202e}c');
    expect(text).not.toMatch(/[\u001b\u009b\u202e]/);
  });

  it('says that nothing would change', () => {
    expect(shown({})).toEqual(['Nothing would change.']);
  });
});
