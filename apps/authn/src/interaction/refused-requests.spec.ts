import { describe, expect, it } from '@jest/globals';
import { newId, tenantId } from '@signet/contracts';
import { accessDenied, invalidRequest, invalidScope, loginRequired, type OAuthError } from '@signet/protocol';
import type { FailureLog } from '@signet/service';
import type { Exchange } from './exchange.js';
import { RefusedRequests } from './refused-requests.js';

const exchange = {
  tenant: { id: newId(tenantId) },
  request: { ip: '192.0.2.7', headers: { 'user-agent': 'a browser' } },
} as unknown as Exchange;

async function recorded(error: OAuthError, client?: { clientId: string }) {
  const events: unknown[] = [];
  const failures: Pick<FailureLog, 'record'> = {
    record: (_definition, _summary, input) => {
      events.push(input);
      return Promise.resolve();
    },
  };
  await new RefusedRequests(failures as FailureLog).record(exchange, error, client);
  return events;
}

describe('a refused authorization request', () => {
  it.each<[string, OAuthError, string]>([
    ['what the client may not have', invalidScope('No such scope'), 'invalid_scope'],
    ['a person who goes away', accessDenied('The person did not sign in'), 'access_denied'],
    ['an unknown client', invalidRequest('It is unknown', { detail: 'client_unknown' }), 'client_unknown'],
    ['a foreign redirect_uri', invalidRequest('No', { detail: 'redirect_uri_mismatch' }), 'redirect_uri_mismatch'],
  ])('is recorded: %s', async (_, error, reason) => {
    expect(await recorded(error)).toMatchObject([{ reason, data: { error: error.error } }]);
    expect(await recorded(error, { clientId: 'demo' })).toMatchObject([{ client: 'demo' }]);
  });

  it.each<[string, OAuthError]>([
    ['malformed', invalidRequest('The nonce is missing')],
    ['silent, with nobody there', loginRequired('The person must sign in')],
  ])('is not, where it was only %s', async (_, error) => {
    expect(await recorded(error)).toEqual([]);
  });
});
