import { describe, expect, it } from '@jest/globals';
import { remember, Sessions } from './sessions.js';

const HOUR = 60 * 60 * 1000;

describe('Sessions', () => {
  it('finds a session by its id until it ends', () => {
    const sessions = new Sessions();
    const { id, session } = sessions.open();
    expect(sessions.find(id)).toBe(session);
    expect(sessions.find('another')).toBeUndefined();
    expect(sessions.find(undefined)).toBeUndefined();
    sessions.end(id);
    expect(sessions.find(id)).toBeUndefined();
  });

  it('forgets a session after eight hours', () => {
    let now = 0;
    const sessions = new Sessions(10, () => now);
    const { id, session } = sessions.open();
    now = 8 * HOUR - 1;
    expect(sessions.find(id)).toBe(session);
    now = 8 * HOUR;
    expect(sessions.find(id)).toBeUndefined();
  });

  it('lets the oldest make room at the limit', () => {
    const sessions = new Sessions(2);
    const [first, second, third] = [sessions.open(), sessions.open(), sessions.open()];
    expect([first, second, third].map(({ id }) => sessions.find(id) !== undefined)).toEqual([false, true, true]);
  });

  it('remembers five sign-ins under way', () => {
    const { session } = new Sessions().open();
    for (const state of ['a', 'b', 'c', 'd', 'e', 'f']) remember(session, state, { nonce: state, codeVerifier: state });
    expect([...session.pending.keys()]).toEqual(['b', 'c', 'd', 'e', 'f']);
  });
});
