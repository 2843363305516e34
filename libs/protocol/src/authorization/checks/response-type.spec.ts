import { describe, expect, it } from '@jest/globals';
import { checkContext, everyResponseType } from '../../../test/check-context.js';
import { responseTypes } from '../../client.js';
import type { Client } from '../../client.js';
import { checkResponseType } from './response-type.js';

describe('checkResponseType', () => {
  it.each(responseTypes)('takes %s of a client that registered it', (responseType) => {
    const context = checkContext({ response_type: responseType }, everyResponseType);
    expect(checkResponseType(context)).toEqual({ ok: true, value: responseType });
  });

  it.each([
    ['token id_token', 'id_token token'],
    ['id_token code', 'code id_token'],
    ['token code', 'code token'],
    ['token id_token code', 'code id_token token'],
    ['id_token token code', 'code id_token token'],
  ])('reads the words of "%s" in any order (RFC 6749 section 3.1.1)', (asked, responseType) => {
    const context = checkContext({ response_type: asked }, everyResponseType);
    expect(checkResponseType(context)).toEqual({ ok: true, value: responseType });
  });

  it.each<[string, string | undefined, Partial<Client>, string]>([
    ['missing (oidcc-response-type-missing)', undefined, everyResponseType, 'invalid_request'],
    ['token', 'token', everyResponseType, 'unsupported_response_type'],
    ['none', 'none', everyResponseType, 'unsupported_response_type'],
    ['a word twice', 'code code', everyResponseType, 'unsupported_response_type'],
    ['a word that nobody knows', 'code vp_token', everyResponseType, 'unsupported_response_type'],
    ['two spaces', 'code  id_token', everyResponseType, 'unsupported_response_type'],
    ['of another case', 'CODE', everyResponseType, 'unsupported_response_type'],
    ['not registered', 'code', { responseTypes: [] }, 'unauthorized_client'],
    ['without its grant', 'code', { grantTypes: ['client_credentials'] }, 'unauthorized_client'],
    ['of a client of FAPI 2.0', 'code id_token', { profile: 'fapi2-security' }, 'unauthorized_client'],
  ])('refuses one that is %s', (_what, asked, client, error) => {
    const context = checkContext({ response_type: asked }, { ...everyResponseType, ...client });
    expect(checkResponseType(context)).toMatchObject({ ok: false, error: { error } });
  });

  it.each(responseTypes.filter((each) => each !== 'code'))('refuses %s without the grant type implicit', (asked) => {
    const grantTypes: Client['grantTypes'] = ['authorization_code', 'refresh_token'];
    const context = checkContext({ response_type: asked }, { ...everyResponseType, grantTypes });
    expect(checkResponseType(context)).toMatchObject({ ok: false, error: { error: 'unauthorized_client' } });
  });

  it.each(responseTypes)('takes %s of a client whose ID tokens are unsigned only where none comes here', (asked) => {
    const context = checkContext({ response_type: asked }, { ...everyResponseType, idTokenSignedResponseAlg: 'none' });
    expect(checkResponseType(context).ok).toBe(!asked.includes('id_token'));
  });

  it.each(responseTypes)('takes %s of a client of DPoP only where no access token comes here', (asked) => {
    const context = checkContext({ response_type: asked }, { ...everyResponseType, dpopBoundAccessTokens: true });
    expect(checkResponseType(context).ok).toBe(!asked.split(' ').includes('token'));
  });
});
