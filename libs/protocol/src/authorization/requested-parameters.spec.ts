import { describe, expect, it } from '@jest/globals';
import { aClient } from '../../test/fixtures.js';
import type { Client } from '../client.js';
import { invalidRequestUri } from '../errors/oauth-error.js';
import { requestParameters } from '../parameters.js';
import type { AskedRequest, ResolvedRequest } from '../request-object/request-objects.js';
import { fail, ok } from '../result.js';
import { requestedParameters } from './requested-parameters.js';
import type { RequestEndpoint } from './requested-parameters.js';

const pushed = { id: 'id', secretHash: 'hash' };

const ask = async (
  query: Readonly<Record<string, string>>,
  object: Readonly<Record<string, readonly string[]>>,
  {
    client = {},
    endpoint = 'authorize',
    reference,
  }: {
    readonly client?: Partial<Client>;
    readonly endpoint?: RequestEndpoint;
    readonly reference?: ResolvedRequest['pushed'];
  } = {},
) => {
  const asked: AskedRequest[] = [];
  const resolve = (_client: Client, of: AskedRequest) => {
    asked.push(of);
    return Promise.resolve(ok({ parameters: object, pushed: reference }));
  };
  const answer = await requestedParameters(requestParameters({ client_id: 'shop', ...query }), aClient(client), {
    requestObjects: { resolve },
    endpoint,
  });
  if (!answer.ok) return { asked, error: answer.error.error };
  const { parameters } = answer.value;
  const values = Object.fromEntries(parameters.names().map((name) => [name, parameters.all(name).join(' ')]));
  return { asked, values, byObject: answer.value.byObject, pushed: answer.value.pushed };
};

describe('requestedParameters', () => {
  it('asks nobody where there is no object', async () => {
    expect(await ask({ scope: 'openid' }, {})).toEqual({
      asked: [],
      values: { client_id: 'shop', scope: 'openid' },
      byObject: false,
      pushed: undefined,
    });
  });

  it('lets the object supersede, and the query give what it lacks', async () => {
    const query = { request: 'x', response_type: 'code', scope: 'openid', state: 'outside', redirect_uri: 'out' };
    const { values, asked } = await ask(query, { state: ['inside'], redirect_uri: ['in'], response_type: ['code'] });
    expect(asked).toEqual([{ request: 'x' }]);
    expect(values).toEqual({
      client_id: 'shop',
      response_type: 'code',
      scope: 'openid',
      state: 'inside',
      redirect_uri: 'in',
    });
  });

  // RFC 9101 section 5; an attacker who adds to what was signed, PKCE's challenge for one.
  it.each<[string, Parameters<typeof ask>[2]]>([
    ['a client that must sign', { client: { requireSignedRequestObject: true } }],
    ['FAPI 2.0 Message Signing', { client: { profile: 'fapi2-message-signing' } }],
    ['a pushed request', { reference: pushed }],
    ['a pushed request object', { endpoint: 'par' }],
  ])('takes nothing from outside the object of %s', async (_what, circumstances) => {
    const query = { request: 'x', response_type: 'code token', state: 'outside', code_challenge: 'of the attacker' };
    const { values } = await ask(query, { client_id: ['shop'], response_type: ['code'] }, circumstances);
    expect(values).toEqual({ client_id: 'shop', response_type: 'code' });
  });

  it('wants the client_id inside where the object stands alone', async () => {
    const client = { requireSignedRequestObject: true };
    expect(await ask({ request: 'x' }, { scope: ['openid'] }, { client })).toMatchObject({
      error: 'invalid_request_object',
    });
  });

  it.each<[string, Record<string, string>, Record<string, string[]>, string]>([
    ['another client_id', { request: 'x' }, { client_id: ['other'] }, 'invalid_request_object'],
    ['another response_type', { request: 'x', response_type: 'code' }, { response_type: ['token'] }, 'invalid_request'],
    ['both ways at once', { request: 'x', request_uri: 'y' }, {}, 'invalid_request'],
  ])('refuses %s', async (_what, query, object, error) => {
    expect(await ask(query, object)).toMatchObject({ error });
  });

  it('refuses a request_uri that is pushed, without asking anybody', async () => {
    expect(await ask({ request_uri: 'y' }, {}, { endpoint: 'par' })).toEqual({ asked: [], error: 'invalid_request' });
  });

  it('says which pushed request it was', async () => {
    expect(await ask({ request_uri: 'y' }, { client_id: ['shop'] }, { reference: pushed })).toMatchObject({
      asked: [{ requestUri: 'y' }],
      byObject: true,
      pushed,
    });
  });

  it('hands on why it cannot be resolved', async () => {
    const requestObjects = { resolve: () => Promise.resolve(fail(invalidRequestUri('no'))) };
    const deps = { requestObjects, endpoint: 'authorize' } as const;
    expect(await requestedParameters(requestParameters({ request_uri: 'y' }), aClient(), deps)).toMatchObject({
      error: { error: 'invalid_request_uri' },
    });
  });
});
