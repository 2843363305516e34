import { describe, expect, it } from '@jest/globals';
import { Metrics } from './metrics.js';

describe('a gauge', () => {
  it('is there while there is a value', async () => {
    const metrics = new Metrics('token');
    let value: number | undefined;
    metrics.gauge('signet_thing', 'A thing', () => value);
    const samples = async () =>
      (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith('signet_thing'));
    expect(await samples()).toEqual([]);
    value = 0;
    expect(await samples()).toEqual(['signet_thing{service="token"} 0']);
    value = undefined;
    expect(await samples()).toEqual([]);
  });
});
