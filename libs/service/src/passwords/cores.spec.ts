import { describe, expect, it } from '@jest/globals';
import { usableCores } from './cores.js';

const v1 = (quota: string, period: string) => ({
  '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': quota,
  '/sys/fs/cgroup/cpu/cpu.cfs_period_us': period,
});
const v2 = (text: string) => ({ '/sys/fs/cgroup/cpu.max': text });

describe('cores that a process may use', () => {
  it.each<[string, Record<string, string>, number]>([
    ['all, where nothing limits them', {}, 64],
    ['all, without a quota (version 2)', v2('max 100000\n'), 64],
    ['the quota', v2('200000 100000\n'), 2],
    ['the quota, rounded up', v2('250000 100000\n'), 3],
    ['one, of half a core', v2('50000 100000\n'), 1],
    ['no more than there are', v2('12800000 100000\n'), 64],
    ['all, without a quota (version 1)', v1('-1\n', '100000\n'), 64],
    ['the quota (version 1)', v1('400000\n', '100000\n'), 4],
    ['all, of a file that says nothing', v2(''), 64],
  ])('%s', (_, files, cores) => {
    expect(usableCores(64, (file) => files[file])).toBe(cores);
  });

  it('one at least', () => {
    expect(usableCores(1, () => undefined)).toBe(1);
  });
});
