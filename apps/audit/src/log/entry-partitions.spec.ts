import { describe, expect, it } from '@jest/globals';
import { maintainEntries } from './entry-partitions.js';

describe('partitions of entries', () => {
  it('are maintained of each class, whatever becomes of another', async () => {
    const maintained: string[] = [];
    const told: unknown[] = [];
    const error = new Error('a lock was not to be had in time');
    await maintainEntries(
      {
        maintainPartitions: (table) => {
          maintained.push(table);
          return table === 'entry_tokens' ? Promise.reject(error) : Promise.resolve({ made: [], dropped: [] });
        },
      },
      { warn: (name, fields) => told.push([name, fields]) },
    );
    expect(maintained.sort()).toEqual(['entry_administration', 'entry_audit', 'entry_authentication', 'entry_tokens']);
    expect(told).toEqual([['partitions.unmaintained', { class: 'tokens', error }]]);
  });
});
