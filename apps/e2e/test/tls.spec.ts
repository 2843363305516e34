import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as openid from 'openid-client';
import {
  afterLogout,
  developmentTls,
  forms,
  issuerOf,
  Plane,
  RelyingParty,
  secrets,
  tenants,
  trustingFetch,
  twinTenants,
} from '../src/index.js';

describe.each(forms)('%s over https', (form) => {
  let plane: Plane;
  let fetch: ReturnType<typeof trustingFetch>;
  beforeAll(async () => {
    const tls = await developmentTls(mkdtempSync(path.join(tmpdir(), 'signet-e2e-tls-')));
    fetch = trustingFetch(tls.ca);
    plane = await Plane.start({ form, tls, configuration: twinTenants() });
  }, 90_000);
  afterAll(async () => {
    await plane.stop();
    fetch.close();
  });

  it.each(tenants)('a person signs in and out at tenant %s', async (slug) => {
    const issuer = issuerOf(plane.issuer, slug);
    const party = await RelyingParty.discover(issuer, 'demo', openid.ClientSecretBasic(secrets.demo), fetch);
    const { agent, tokens, claims, refreshToken, idToken } = await party.signIn();
    expect(claims.iss).toBe(issuer);
    expect(await openid.fetchUserInfo(party.config, tokens.access_token, claims.sub)).toMatchObject({
      name: `Alice of ${slug}`,
    });
    const refreshed = await openid.refreshTokenGrant(party.config, refreshToken);
    expect(await openid.tokenIntrospection(party.config, refreshed.access_token)).toMatchObject({ active: true });
    await openid.tokenRevocation(party.config, refreshed.refresh_token ?? '');
    const query = { id_token_hint: idToken, post_logout_redirect_uri: afterLogout };
    expect((await agent.open(openid.buildEndSessionUrl(party.config, query))).left?.href).toBe(afterLogout);
    expect(agent.setCookies.length).toBeGreaterThanOrEqual(3);
    for (const line of agent.setCookies) {
      // What clients watch in a frame (Session Management 1.0) authenticates nothing; every other cookie is ours alone.
      const kept = line.startsWith('__Host-signet-state-') ? 'SameSite=None' : 'HttpOnly; SameSite=Lax';
      expect(line).toMatch(new RegExp(`^__Host-signet-[^;]+; Path=/; ${kept}(; Max-Age=\\d+)?; Secure$`));
    }
  });

  it('every URL of discovery is https', async () => {
    const answer = await fetch(`${plane.issuer}/.well-known/openid-configuration`);
    const urls = Object.entries((await answer.json()) as Record<string, unknown>).filter(
      ([name, value]) => /(^issuer|_endpoint|_uri)$/.test(name) && typeof value === 'string',
    );
    expect(urls.length).toBeGreaterThan(6);
    for (const [, url] of urls) expect(url).toMatch(/^https:/);
  });

  it('speaks TLS 1.2 and newer, and nothing without', async () => {
    const { port } = new URL(plane.issuer);
    const handshake = (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') =>
      new Promise<string | null>((resolve) => {
        const options = { minVersion: version, maxVersion: version, rejectUnauthorized: false } as const;
        const ciphers = version === 'TLSv1.1' ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {};
        const socket = connect({ port: Number(port), host: 'localhost', ...options, ...ciphers }, () => {
          resolve(socket.getProtocol());
          socket.destroy();
        });
        socket.on('error', () => {
          resolve(null);
        });
      });
    expect(await handshake('TLSv1.1')).toBeNull();
    expect(await handshake('TLSv1.2')).toBe('TLSv1.2');
    expect(await handshake('TLSv1.3')).toBe('TLSv1.3');
    const plain = await globalThis.fetch(`http://localhost:${port}/jwks`).then(
      ({ status }) => status,
      () => 'refused',
    );
    expect([400, 'refused']).toContain(plain);
  });
});
