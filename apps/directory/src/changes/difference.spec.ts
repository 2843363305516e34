import { describe, expect, it } from '@jest/globals';
import { difference } from './difference.js';

describe('difference', () => {
  it('is none where the content is the same, whatever the order of members and the kind of nothing', () => {
    const before = { policies: { a: 1, b: [1, 2] }, uri: null };
    expect(difference(before, { uri: undefined, policies: { b: [1, 2], a: 1 } })).toBeUndefined();
  });

  it('tells what changed, and of the rest nothing', () => {
    expect(difference({ name: 'A', on: true, uri: 'x' }, { name: 'B', on: true })).toEqual({
      changed: ['name', 'uri'],
      before: { name: 'A', uri: 'x' },
      after: { name: 'B' },
    });
  });

  it('names what is concealed and tells no value of it', () => {
    expect(difference({ email: 'a@b.example' }, { email: 'c@d.example' }, ['email'])).toEqual({
      changed: ['email'],
      before: {},
      after: {},
    });
  });

  it('names what is too long for an event', () => {
    expect(difference({ uris: [] }, { uris: ['x'.repeat(5_000)] })).toEqual({
      changed: ['uris'],
      before: { uris: [] },
      after: {},
    });
  });
});
