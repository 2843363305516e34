import { expect, it } from '@jest/globals';
import { findClient } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import { DirectoryCopies } from '@signet/service';
import { aClient, aTenant } from '@signet/testing';
import { shownNames } from './shown-names.js';

it('has the ids of clients, and no descriptions, where there is no copy and the directory is away', async () => {
  const { id: tenantId } = aTenant();
  const shop = aClient({ tenantId, clientId: 'shop' });
  let away = false;
  const request = (contract: unknown) =>
    away || contract !== findClient
      ? Promise.reject(new MeshError('unavailable', 'the directory is away'))
      : Promise.resolve(shop);
  const copies = new DirectoryCopies({ requester: { request: request as never } });
  await copies.client(tenantId, 'shop');
  away = true;
  const names = await shownNames(copies, tenantId, new Set(['shop', 'forum']));
  expect([names.client('shop', 'en'), names.client('forum', 'en')]).toEqual(['Shop', 'forum']);
  expect(names.description('openid')).toBeUndefined();
});
