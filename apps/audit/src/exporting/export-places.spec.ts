import { describe, expect, it } from '@jest/globals';
import { newId, tenantId } from '@signet/contracts';
import { ManagementProblem } from '@signet/service';
import type { Credential, EndReason } from '../streaming/judgement.js';
import type { Judgements } from '../streaming/judgements.js';
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

const [acme, globex] = [newId(tenantId), newId(tenantId)];
const credential: Credential = {
  ...{ scheme: 'Bearer', token: 'opaque', method: 'GET', path: '/audit/v1/export', permissions: ['events:read'] },
};

describe('places for exports', () => {
  const watched = new Set<(reason: EndReason) => void>();
  const judgements: Pick<Judgements, 'watch'> = {
    watch: (_tenant, _credential, end) => {
      watched.add(end);
      return () => void watched.delete(end);
    },
  };

  it('are so many to a tenant and so many in all, and free again when left', () => {
    const places = new ExportPlaces(judgements, { perTenant: 2, altogether: 3 });
    const [place] = [places.enter(acme, credential), places.enter(acme, credential)];
    expect(refusalOf(() => places.enter(acme, credential))).toBe('too-many-requests');
    places.enter(globex, credential);
    expect(refusalOf(() => places.enter(globex, credential))).toBe('unavailable');
    expect(watched.size).toBe(3);
    place.leave();
    expect(watched.size).toBe(2);
    places.enter(globex, credential);
    expect(refusalOf(() => places.enter(acme, credential))).toBe('unavailable');
  });

  it('are taken for as long as the credential is good', () => {
    watched.clear();
    const { judged } = new ExportPlaces(judgements).enter(acme, credential);
    expect(judged.aborted).toBe(false);
    for (const end of watched) end('permission');
    expect([judged.aborted, judged.reason]).toEqual([true, 'permission']);
  });
});
