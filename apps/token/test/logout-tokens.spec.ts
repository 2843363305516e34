import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountId, newId, sessionId, sidOf, signLogoutToken, type AccountId } from '@signet/contracts';
import { digests } from '@signet/keys';
import { signingAlgorithms, subjectFor, type ClientWithSecrets } from '@signet/protocol';
import { compactDecrypt, createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, type JSONWebKeySet } from 'jose';
import { get, headerOf, populate, type Population } from './support/population.js';
import { issuer, runTokenReplicas, type TokenReplicas } from './support/token-replicas.js';

let mesh: TokenReplicas;
let acme: Population;
beforeAll(async () => {
  mesh = await runTokenReplicas();
  acme = await populate(mesh);
});
afterAll(() => mesh.stop());

const session = newId(sessionId);
const backchannelLogout = 'http://schemas.openid.net/event/backchannel-logout';

/** Asked for by the session service, for a client like the shop. */
async function signed(clientId: string, metadata: Partial<ClientWithSecrets>, accountId: AccountId | null = null) {
  mesh.directory.clients.push({ ...acme.shop, clientId, ...metadata });
  const sid = sidOf(session, clientId);
  const answer = await mesh.ask(signLogoutToken, { tenantId: acme.tenant.id, clientId, sid, accountId });
  if (answer.outcome !== 'signed') throw new Error(answer.outcome);
  return { ...answer, sid };
}

const verified = async (logoutToken: string, audience: string) =>
  jwtVerify(logoutToken, createLocalJWKSet((await get(mesh.replicas[0], '/jwks')).body as unknown as JSONWebKeySet), {
    ...{ issuer, audience, typ: 'logout+jwt' },
  });

describe('a logout token', () => {
  it('has what OpenID Connect Back-Channel Logout 1.0 section 2.4 demands', async () => {
    const { logoutToken, jti, sid } = await signed('told', {}, acme.alice.accountId);
    const { payload, protectedHeader } = await verified(logoutToken, 'told');
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'logout+jwt', kid: expect.any(String) });
    const { iat = 0 } = payload;
    expect(payload).toEqual({
      ...{ iss: issuer, aud: 'told', sub: acme.alice.sub, sid, jti, iat, exp: iat + 120 },
      events: { [backchannelLogout]: {} },
    });
  });

  it('is another one each time', async () => {
    const first = await signed('again', {});
    expect((await signed('again', {})).jti).not.toBe(first.jti);
  });

  it.each(signingAlgorithms)('is signed by %s as the ID tokens of its client', async (alg) => {
    const clientId = `signed-${alg}`;
    const { logoutToken } = await signed(clientId, { idTokenSignedResponseAlg: alg });
    expect((await verified(logoutToken, clientId)).protectedHeader.alg).toBe(alg);
  });

  it('is signed for a client whose ID tokens are not', async () => {
    const { logoutToken } = await signed('unsigned', { idTokenSignedResponseAlg: 'none' });
    expect((await verified(logoutToken, 'unsigned')).protectedHeader.alg).toBe('RS256');
  });

  it('is encrypted as the ID tokens of its client, and names its issuer outside', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RSA-OAEP-256');
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kty: 'RSA', kid: 'theirs', use: 'enc' }] };
    const { logoutToken } = await signed('sealed', { idTokenEncryptedResponseAlg: 'RSA-OAEP-256', jwks });
    const { plaintext, protectedHeader } = await compactDecrypt(logoutToken, privateKey);
    expect(protectedHeader).toMatchObject({ alg: 'RSA-OAEP-256', kid: 'theirs', cty: 'JWT', iss: issuer });
    await verified(Buffer.from(plaintext).toString('utf8'), 'sealed');
  });

  it('is none in the clear where there is no key to encrypt it with', async () => {
    await expect(signed('keyless', { idTokenEncryptedResponseAlg: 'RSA-OAEP-256' })).rejects.toThrow('unencryptable');
  });

  it('has the sub that a pairwise client knows', async () => {
    const { logoutToken } = await signed('pairwise', { subjectType: 'pairwise' }, acme.alice.accountId);
    const client = { ...acme.shop, clientId: 'pairwise', subjectType: 'pairwise' } as const;
    const { sub } = (await verified(logoutToken, 'pairwise')).payload;
    expect(sub).toBe(subjectFor(acme.alice, client, digests));
    expect(sub).not.toBe(acme.alice.sub);
  });

  it('has the sid alone of an account that is no more', async () => {
    const { logoutToken, sid } = await signed('orphaned', {}, newId(accountId));
    const { payload } = await verified(logoutToken, 'orphaned');
    expect(payload['sid']).toBe(sid);
    expect(payload).not.toHaveProperty('sub');
  });

  it('is for a disabled client as well, which loses what it held', async () => {
    const { logoutToken } = await signed('disabled', { enabled: false });
    await verified(logoutToken, 'disabled');
  });

  it('is no hint, and no access token', async () => {
    const { logoutToken } = await signed('misused', {}, acme.alice.accountId);
    expect(headerOf(logoutToken)['typ']).not.toBe('JWT');
    const response = await fetch(`${mesh.replicas[0].origin}/userinfo`, {
      headers: { authorization: `Bearer ${logoutToken}` },
    });
    expect(response.status).toBe(401);
  });

  it('is for nobody that the directory does not know', async () => {
    const asked = { tenantId: acme.tenant.id, clientId: 'nobody', sid: 'sid', accountId: null };
    await expect(mesh.ask(signLogoutToken, asked)).rejects.toMatchObject({ code: 'not_found' });
  });
});
