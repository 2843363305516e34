import { expect, it } from '@jest/globals';
import type { DirectoryCopies } from '@signet/service';
import { aTenant } from '@signet/testing';
import { TenantClients } from './clients.js';

it.each(['a\0b', '\ud800', '', 'x'.repeat(257)])('asks nobody about %j, which is no client_id', async (clientId) => {
  const asked: string[] = [];
  const floors = {
    minVersion: (_tenantId: string, kind: string) => {
      asked.push(kind);
      return Promise.resolve(undefined);
    },
  };
  const copies = { clientWithSecrets: () => Promise.resolve(undefined) } as unknown as DirectoryCopies;
  expect(await new TenantClients(copies, floors, aTenant()).find(clientId)).toBeUndefined();
  expect(asked).toEqual([]);
});
