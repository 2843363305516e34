import { describe, expect, it } from '@jest/globals';
import type { Authority, Authorization, ResourceServer } from '@signet/protocol';
import { permissionsOf } from './permissions-of.js';

const orders: ResourceServer = { identifier: 'https://orders.example', scopes: ['orders'], hasPermissions: true };
const files: ResourceServer = { ...orders, identifier: 'https://files.example', scopes: ['files'] };
const bare: ResourceServer = { ...orders, identifier: 'https://bare.example', scopes: [] };
const plain: ResourceServer = { ...orders, identifier: 'https://plain.example', hasPermissions: false };
const servers = [orders, files, bare, plain];
const authority = (permissions: Authority['permissions']): Authority => ({ version: 1, permissions });

function told(
  audience: readonly string[],
  {
    account,
    client,
    scopes = ['orders', 'files'],
  }: { account?: Authority; client?: Authority; scopes?: string[] } = {},
  kind: 'account' | 'client' = 'account',
) {
  const authorization = {
    client: { authority: client },
    subject: { kind },
    scopes,
    audience,
  } as unknown as Authorization;
  return permissionsOf(authorization, servers, () => Promise.resolve(account && { authority: account }));
}

describe('permissionsOf', () => {
  const account = authority({ [orders.identifier]: ['read'], [files.identifier]: ['write'] });

  it('tells what the account may do at the resource server of the token, and at no other', async () => {
    await expect(told(['https://id.example', orders.identifier], { account })).resolves.toEqual(['read']);
    await expect(told([files.identifier], { account })).resolves.toEqual(['write']);
  });

  it('tells of a client that acts for itself what its own roles give', async () => {
    const client = authority({ [orders.identifier]: ['sweep'] });
    await expect(told([orders.identifier], { account, client }, 'client')).resolves.toEqual(['sweep']);
  });

  it('tells that there is nothing', async () => {
    await expect(told([orders.identifier], { account: authority({}) })).resolves.toEqual([]);
  });

  it.each([
    ['no scope', [orders.identifier], []],
    ['a scope of another resource server', [orders.identifier], ['openid', 'files']],
    ['a scope at one of two', [orders.identifier, files.identifier], ['orders']],
    ['what a resource server without scopes can tell', [bare.identifier], ['openid', 'orders']],
  ])('tells nothing to a client that was granted %s', async (_what, audience, scopes) => {
    const all = authority({ [orders.identifier]: ['read'], [files.identifier]: ['write'], [bare.identifier]: ['see'] });
    await expect(told(audience, { account: all, scopes })).resolves.toBeUndefined();
  });

  it.each([
    ['a resource server without permissions', [plain.identifier]],
    ['the issuer alone', ['https://id.example']],
    ['two resource servers, of which each would read the other’s', [orders.identifier, files.identifier]],
  ])('tells nothing for %s', async (_what, audience) => {
    await expect(told(audience, { account })).resolves.toBeUndefined();
  });

  it('tells nothing of an account that cannot be known now', async () => {
    await expect(told([orders.identifier])).resolves.toBeUndefined();
  });
});
