import { describe, expect, it } from '@jest/globals';
import { tenantId } from '@signet/contracts';
import { loadKeyring, sealToText } from '@signet/keys';
import { ManagementProblem } from './management-problem.js';
import { Page } from './page.js';

const key = { id: 'k-cursor', purpose: 'cursor', key: Buffer.alloc(32, 5).toString('base64url') };
const keyring = loadKeyring({ keys: [{ ...key, createdAt: '2026-01-01T00:00:00.000Z' }] });
const list = {
  tenantId: tenantId.parse('0198c59f-0000-7000-8000-000000000001'),
  ...{ operation: 'accounts.list', parameters: {}, filters: { enabled: 'true' } },
};
const open = (cursor: string) => new Page(keyring, list, { cursor }).after;

describe('a cursor', () => {
  it('of a release is still one: made by 0.1.0', () => {
    expect(open('AQhrLWN1cnNvcgfAOGWJVuZoBIHfSfSETWupYC5RXWrSiLx85wP7nSxO6lJN')).toEqual(['a', 7]);
  });

  it.each(['{"after":["a"]}', '[null]', '["1","2","3","4","5","6"]'])(
    'of a newer version that says it otherwise (%s) is refused as one that is not valid',
    (position) => {
      const place = [list.tenantId, list.operation, JSON.stringify([[], [['enabled', 'true']]])];
      expect(open(sealToText(keyring, 'cursor', '["a"]', place))).toEqual(['a']);
      expect(() => open(sealToText(keyring, 'cursor', position, place))).toThrow(ManagementProblem);
    },
  );
});
