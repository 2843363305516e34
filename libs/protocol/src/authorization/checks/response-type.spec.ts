import { describe, expect, it } from '@jest/globals';
import { checkContext } from '../../../test/check-context.js';
import type { Client } from '../../client.js';
import { checkResponseMode } from './response-mode.js';
import { checkResponseType } from './response-type.js';

describe('checkResponseType', () => {
  it('takes code', () => {
    expect(checkResponseType(checkContext({ response_type: 'code' }))).toEqual({ ok: true, value: 'code' });
  });

  it.each<[string, Record<string, string>, Partial<Client>, string]>([
    ['missing (oidcc-response-type-missing)', {}, {}, 'invalid_request'],
    ['token', { response_type: 'token' }, {}, 'unsupported_response_type'],
    ['code id_token', { response_type: 'code id_token' }, {}, 'unsupported_response_type'],
    ['of another case', { response_type: 'CODE' }, {}, 'unsupported_response_type'],
    ['not registered', { response_type: 'code' }, { responseTypes: [] }, 'unauthorized_client'],
    ['without its grant', { response_type: 'code' }, { grantTypes: ['client_credentials'] }, 'unauthorized_client'],
  ])('refuses one that is %s', (_what, parameters, client, error) => {
    expect(checkResponseType(checkContext(parameters, client))).toMatchObject({ ok: false, error: { error } });
  });
});

describe('checkResponseMode', () => {
  it.each([[{}], [{ response_mode: 'query' }]])('is query for %j', (parameters) => {
    expect(checkResponseMode(checkContext(parameters))).toEqual({ ok: true, value: 'query' });
  });

  it.each(['fragment', 'form_post', 'web_message', 'QUERY'])('refuses %s', (response_mode) => {
    expect(checkResponseMode(checkContext({ response_mode }))).toMatchObject({
      ok: false,
      error: { error: 'invalid_request' },
    });
  });
});
