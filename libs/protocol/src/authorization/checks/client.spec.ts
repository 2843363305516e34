import { describe, expect, it } from '@jest/globals';
import { aClient, directoryOf } from '../../../test/fixtures.js';
import { requestParameters } from '../../parameters.js';
import { ensureClient } from './client.js';

const clients = directoryOf(aClient(), aClient({ clientId: 'closed', enabled: false }));

describe('ensureClient', () => {
  it('finds the client', async () => {
    const result = await ensureClient(requestParameters({ client_id: 'shop' }), clients);
    expect(result).toMatchObject({ ok: true, value: { client: { clientId: 'shop' } } });
  });

  it.each<[string, Record<string, string>, string]>([
    ['without client_id', {}, 'invalid_request'],
    ['for an unknown client', { client_id: 'nobody' }, 'invalid_request'],
    ['for a client of another case', { client_id: 'SHOP' }, 'invalid_request'],
    ['for a disabled client', { client_id: 'closed' }, 'unauthorized_client'],
  ])('fails with 400 %s', async (_what, parameters, error) => {
    const result = await ensureClient(requestParameters(parameters), clients);
    expect(result).toMatchObject({ ok: false, error: { error, status: 400 } });
  });
});
