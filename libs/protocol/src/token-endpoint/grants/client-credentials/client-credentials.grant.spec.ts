import { describe, expect, it } from '@jest/globals';
import { API, ISSUER, NOW, aClient, aPublicClient, anApi } from '../../../../test/fixtures.js';
import type { Client, ResourceServer } from '../../../client.js';
import { requestParameters } from '../../../parameters.js';
import { clientCredentialsGrant } from './client-credentials.grant.js';
import type { ClientCredentialsIssue, ClientCredentialsResult } from './client-credentials-store.js';

const machine = aClient({ clientId: 'machine', grantTypes: ['client_credentials'] });
const recorded: ClientCredentialsResult = { outcome: 'recorded', instance: 'i-1', since: NOW };

const ask = async (
  options: {
    client?: Client;
    scopes?: readonly string[];
    resources?: readonly string[];
    resourceServers?: readonly ResourceServer[];
    result?: ClientCredentialsResult;
  } = {},
) => {
  const asked: ClientCredentialsIssue[] = [];
  const grant = clientCredentialsGrant({
    tokens: {
      record: (issue) => {
        asked.push(issue);
        return Promise.resolve(options.result ?? recorded);
      },
    },
  });
  const answer = await grant.handle({
    client: options.client ?? machine,
    resourceServers: options.resourceServers ?? [anApi],
    issuer: ISSUER,
    parameters: requestParameters({}),
    requestedScopes: options.scopes,
    requestedResources: options.resources ?? [],
    jkt: undefined,
    tokenId: 'jti-1',
  });
  return { answer, asked };
};

describe('client_credentials', () => {
  it.each<[string, string[] | undefined, string[]]>([
    ['what was asked for', ['demo:read'], ['demo:read']],
    ['all of its own that do not speak of an account', undefined, ['demo:read']],
  ])('allows %s, and records it before', async (_what, scopes, expected) => {
    const { answer, asked } = await ask(scopes === undefined ? {} : { scopes });
    expect(asked).toEqual([{ client: machine, scopes: expected, audience: [API], tokenId: 'jti-1' }]);
    expect(answer).toEqual({
      ok: true,
      value: {
        client: machine,
        subject: { kind: 'client', instance: 'i-1', since: NOW },
        tokenId: 'jti-1',
        scopes: expected,
        audience: [API],
      },
    });
  });

  it('has the issuer as audience where nothing else is left', async () => {
    const { answer } = await ask({ client: aClient({ scopes: [] }) });
    expect(answer).toMatchObject({ ok: true, value: { scopes: [], audience: [ISSUER] } });
  });

  it.each<[string, string[]]>([
    ['a scope that is not its own', ['demo:write']],
    ['openid', ['openid']],
    ['offline_access', ['demo:read', 'offline_access']],
    ['an account scope that it may have with a person', ['email']],
  ])('answers %s by invalid_scope, and records nothing', async (_what, scopes) => {
    const { answer, asked } = await ask({ scopes });
    expect(answer).toMatchObject({ ok: false, error: { error: 'invalid_scope' } });
    expect(asked).toEqual([]);
  });

  // RFC 8707 section 2
  it.each([[[]], [['files:read']]])('has no token for a resource where a client of %j has no scope', async (scopes) => {
    const files = { ...anApi, identifier: 'https://files.example', scopes: ['files:read'] };
    const { answer, asked } = await ask({
      client: aClient({ scopes }),
      resources: [API],
      resourceServers: [anApi, files],
    });
    expect(answer).toMatchObject({ ok: false, error: { error: 'invalid_target' } });
    expect(asked).toEqual([]);
  });

  it('has a token for a resource without scopes, as every client', async () => {
    const bare = { identifier: 'urn:example:bare', scopes: [] };
    const { answer } = await ask({ resources: [bare.identifier], resourceServers: [anApi, bare] });
    expect(answer).toMatchObject({ ok: true, value: { scopes: [], audience: [bare.identifier] } });
  });

  it('has none of a resource that only a scope of an account opens', async () => {
    const people = { identifier: 'urn:example:people', scopes: ['email'] };
    const { answer } = await ask({ resources: [people.identifier], resourceServers: [anApi, people] });
    expect(answer).toMatchObject({ ok: false, error: { error: 'invalid_target' } });
  });

  it('answers invalid_scope where the resource knows none of those that are asked for', async () => {
    const bare = { identifier: 'urn:example:bare', scopes: [] };
    const options = { scopes: ['demo:read'], resources: [bare.identifier], resourceServers: [anApi, bare] };
    const { answer, asked } = await ask(options);
    expect(answer).toMatchObject({ ok: false, error: { error: 'invalid_scope' } });
    expect(asked).toEqual([]);
  });

  it('is not for a public client', async () => {
    const { answer, asked } = await ask({ client: aPublicClient({ grantTypes: ['client_credentials'] }) });
    expect(answer).toMatchObject({ ok: false, error: { error: 'unauthorized_client' } });
    expect(asked).toEqual([]);
  });

  it('is refused under a floor', async () => {
    const { answer } = await ask({ result: { outcome: 'dead' } });
    expect(answer).toMatchObject({ ok: false, error: { error: 'invalid_client', status: 401, detail: 'client_dead' } });
  });
});
