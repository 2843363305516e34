import { describe, expect, it } from '@jest/globals';
import { ManagementProblem } from '@signet/service';
import { ExportPlaces } from './export-places.js';

function refusalOf(enter: () => unknown): unknown {
  try {
    enter();
  } catch (error) {
    if (error instanceof ManagementProblem) return error.code;
    throw error;
  }
  return undefined;
}

describe('places for exports', () => {
  it('are so many to a tenant and so many in all, and free again when left', () => {
    const places = new ExportPlaces({ perTenant: 2, altogether: 3 });
    const [leave] = [places.enter('a'), places.enter('a')];
    expect(refusalOf(() => places.enter('a'))).toBe('too-many-requests');
    places.enter('b');
    expect(refusalOf(() => places.enter('b'))).toBe('unavailable');
    leave();
    places.enter('b');
    expect(refusalOf(() => places.enter('a'))).toBe('unavailable');
  });
});
