import { describe, expect, it } from '@jest/globals';
import {
  API,
  ISSUER,
  NOW,
  SECOND,
  aClient,
  aPublicClient,
  basic,
  clientAssertions,
  digests,
  directoryOf,
  form,
  someFacts,
} from '../../test/fixtures.js';
import { aDpop, JKT, proofOf } from '../../test/dpop.js';
import { fail, ok } from '../result.js';
import { invalidGrant } from '../errors/oauth-error.js';
import type { Authorization } from './authorization.js';
import { accountSubject } from './authorization.js';
import type { Grant, GrantContext } from './grant.js';
import { handleTokenRequest } from './token-endpoint.js';
import type { TokenMinter } from './token-set.js';

/** A grant that writes down what it was asked, and allows what it is told to. */
const aGrant = (answer?: Partial<Authorization> | 'refuse') => {
  const asked: GrantContext[] = [];
  const grant: Grant = {
    grantType: 'authorization_code',
    parameters: ['code'],
    handle: (context) => {
      asked.push(context);
      if (answer === 'refuse') return Promise.resolve(fail(invalidGrant('no')));
      return Promise.resolve(
        ok({
          client: context.client,
          subject: accountSubject(someFacts()),
          tokenId: context.tokenId,
          scopes: ['openid', 'demo:read'],
          audience: [API],
          ...answer,
        }),
      );
    },
  };
  return { grant, asked };
};

const aMinter = () => {
  const minted: string[] = [];
  const minter: TokenMinter = {
    accessToken: (authorization) => {
      minted.push('access');
      return Promise.resolve({ token: `at-${authorization.tokenId}`, expiresIn: 300 });
    },
    idToken: (_authorization, beside) => {
      minted.push('id');
      return Promise.resolve(`id-for-${beside.accessToken ?? 'none'}`);
    },
    refreshToken: ({ refreshToken }) => {
      minted.push('refresh');
      return `rt-${refreshToken?.generation ?? 'none'}`;
    },
  };
  return { minter, minted };
};

const setUp = (answer?: Partial<Authorization> | 'refuse') => {
  const { grant, asked } = aGrant(answer);
  const { minter, minted } = aMinter();
  const clients = directoryOf(
    aClient(),
    aPublicClient(),
    aClient({ clientId: 'machine', grantTypes: [] }),
    aClient({ clientId: 'modest', scopes: ['openid'] }),
    aClient({ clientId: 'bound', dpopBoundAccessTokens: true }),
  );
  const dpop = aDpop();
  const deps = {
    issuer: ISSUER,
    clients,
    digests,
    assertions: clientAssertions(),
    grants: [grant],
    minter,
    newTokenId: () => 'jti-1',
    endpoint: `${ISSUER}/token`,
    dpop,
  };
  /** `authorization` null: no header. */
  const send = (body: string, authorization: string | null = basic('shop', 'shop-secret'), ...dpopProofs: string[]) =>
    handleTokenRequest({ authorization: authorization ?? undefined, body, dpopProofs }, deps);
  return { send, asked, minted, dpop };
};

const body = { grant_type: 'authorization_code', code: 'c' };

describe('handleTokenRequest', () => {
  it('hands a grant what the endpoint has settled, and issues what it allows', async () => {
    const { send, asked, minted } = setUp({
      refreshToken: { epoch: 0, family: 'f', generation: 7 },
      expiresAt: NOW + 5 * SECOND,
    });
    const outcome = await send(`${form({ ...body, scope: 'openid' })}&resource=${encodeURIComponent(API)}`);
    expect(outcome).toMatchObject({
      kind: 'issued',
      grantType: 'authorization_code',
      response: {
        access_token: 'at-jti-1',
        token_type: 'Bearer',
        expires_in: 300,
        scope: 'openid demo:read',
        refresh_token: 'rt-7',
        id_token: 'id-for-at-jti-1',
      },
    });
    expect(asked[0]).toMatchObject({
      client: { clientId: 'shop' },
      issuer: ISSUER,
      tokenId: 'jti-1',
      requestedScopes: ['openid'],
      requestedResources: [API],
    });
    expect(minted.sort()).toEqual(['access', 'id', 'refresh']);
  });

  it('gives no refresh token and no ID token that the authorization does not name', async () => {
    const { send, minted } = setUp({ scopes: ['demo:read'] });
    const outcome = await send(form(body));
    if (outcome.kind !== 'issued') throw new Error(outcome.error.error);
    expect(Object.keys(outcome.response)).toEqual(['access_token', 'token_type', 'expires_in', 'scope']);
    expect(minted).toEqual(['access']);
  });

  // RFC 6749 section 3.3
  it('never says an empty scope', async () => {
    const { send } = setUp({ subject: { kind: 'client', instance: 'i', since: NOW }, scopes: [] });
    const outcome = await send(form(body));
    expect(outcome).toMatchObject({ kind: 'issued' });
    expect(outcome.kind === 'issued' && outcome.response).not.toHaveProperty('scope');
  });

  it('gives a client on its own behalf no ID token, whatever the scopes say', async () => {
    const { send } = setUp({ subject: { kind: 'client', instance: 'i', since: NOW }, scopes: ['openid'] });
    const outcome = await send(form(body));
    expect(outcome.kind === 'issued' && 'id_token' in outcome.response).toBe(false);
  });

  it.each<[string, string, string | null | undefined, string, number]>([
    ['a wrong secret', form(body), basic('shop', 'x'), 'invalid_client', 401],
    ['no client', form(body), null, 'invalid_client', 401],
    ['no grant_type', form({ code: 'c' }), undefined, 'invalid_request', 400],
    ['an empty body', '', undefined, 'invalid_request', 400],
    ['an unknown grant_type', form({ ...body, grant_type: 'password' }), undefined, 'unsupported_grant_type', 400],
    ['a prototype member as grant_type', form({ grant_type: 'constructor' }), undefined, 'unsupported_grant_type', 400],
    ['a grant that is not its own', form(body), basic('machine', 'shop-secret'), 'unauthorized_client', 400],
    ['a parameter of the grant missing', form({ grant_type: 'authorization_code' }), undefined, 'invalid_request', 400],
    ['a parameter of the grant empty', form({ ...body, code: '' }), undefined, 'invalid_request', 400],
    ['a malformed scope', form({ ...body, scope: 'a"b' }), undefined, 'invalid_scope', 400],
    ['an unknown resource', form({ ...body, resource: 'https://x.example' }), undefined, 'invalid_target', 400],
    ['a resource of others', form({ ...body, resource: API }), basic('modest', 'shop-secret'), 'invalid_target', 400],
    ['a doubled parameter', `${form(body)}&code=d`, undefined, 'invalid_request', 400],
    ['a doubled grant_type', `${form(body)}&grant_type=authorization_code`, undefined, 'invalid_request', 400],
    ['a NUL', form({ ...body, code: 'c\0' }), undefined, 'invalid_request', 400],
    ['an oversized body', form({ ...body, padding: 'x'.repeat(65_536) }), undefined, 'invalid_request', 400],
  ])('stops at %s before any grant is asked', async (_what, raw, authorization, error, status) => {
    const { send, asked, minted } = setUp();
    const outcome = await send(raw, authorization);
    expect(outcome).toMatchObject({ kind: 'error', error: { error, status } });
    expect(asked).toEqual([]);
    expect(minted).toEqual([]);
  });

  it('issues nothing where the grant refuses, and says who had asked for what', async () => {
    const { send, minted } = setUp('refuse');
    expect(await send(form(body))).toMatchObject({
      kind: 'error',
      error: { error: 'invalid_grant' },
      client: { clientId: 'shop' },
      grantType: 'authorization_code',
    });
    expect(minted).toEqual([]);
  });

  // RFC 9449 section 5
  it('binds what it issues to the key of the proof, and tells the grant of it', async () => {
    const { send, asked } = setUp();
    const outcome = await send(form(body), undefined, proofOf());
    expect(outcome).toMatchObject({ kind: 'issued', response: { token_type: 'DPoP' }, authorization: { jkt: JKT } });
    expect(asked[0]?.jkt).toBe(JKT);
  });

  it.each<[string, string, string[], string]>([
    ['no proof, where the client has to send one', 'bound', [], 'invalid_request'],
    ['a proof that does not hold', 'shop', ['a.b.c'], 'invalid_dpop_proof'],
    ['two proofs', 'shop', [proofOf(), proofOf()], 'invalid_dpop_proof'],
  ])('asks no grant after %s', async (_what, clientId, proofs, error) => {
    const { send, asked } = setUp();
    const outcome = await send(form(body), basic(clientId, 'shop-secret'), ...proofs);
    expect(outcome).toMatchObject({ kind: 'error', error: { error, status: 400 }, client: { clientId } });
    expect(asked).toEqual([]);
  });

  it('spends no proof on a request that fails for another reason', async () => {
    const { send, dpop } = setUp();
    await send(form({ ...body, scope: 'a"b' }), undefined, proofOf());
    await send(form(body), basic('shop', 'x'), proofOf());
    expect(dpop.spent).toEqual([]);
  });

  it('takes a public client by its client_id', async () => {
    const { send, asked } = setUp();
    const outcome = await send(form({ ...body, client_id: 'spa' }), null);
    expect(outcome.kind).toBe('issued');
    expect(asked[0]?.client.clientId).toBe('spa');
  });
});
