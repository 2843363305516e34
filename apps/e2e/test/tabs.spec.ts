import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@signet/testing';
import * as openid from 'openid-client';
import type { Browser, Page } from 'playwright-core';
import {
  launchChromium,
  Plane,
  RawClient,
  RelyingParty,
  secrets,
  tokensOf,
  twinTenants,
  withinASecond,
  type Answer,
} from '../src/index.js';

const many = 20;

let plane: Plane;
beforeAll(async () => {
  plane = await Plane.start({ form: 'one process', configuration: twinTenants() });
}, 90_000);
afterAll(() => plane.stop());

/** Lets the ten seconds pass in which a rotated token is answered again, for every family that there is. */
const passGrace = () =>
  plane.query(async (client) => {
    // Nothing to record: it is time that passes.
    await client.query('set session_replication_role = replica');
    await client.query(`update token.family set rotated_at = rotated_at - interval '11 seconds'`);
  });

describe('twenty tabs of a page in Chromium, with one refresh token between them', () => {
  let browser: Browser;
  let site: Server;
  let tabs: Page[];
  const page = () => new RawClient(plane.issuer, 'default', 'demo-spa');

  beforeAll(async () => {
    browser = await launchChromium();
    site = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>A page</title>');
    });
    const port = await freePort();
    await new Promise<void>((listening) => site.listen(port, '127.0.0.1', listening));
    const context = await browser.newContext();
    tabs = await Promise.all(Array.from({ length: many }, () => context.newPage()));
    await Promise.all(tabs.map((tab) => tab.goto(`http://127.0.0.1:${port}/`)));
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    site.close();
  });

  const refreshIn = async (tab: Page, token: string): Promise<Answer> => {
    const asked = {
      url: page().at('/token'),
      form: { grant_type: 'refresh_token', client_id: 'demo-spa', refresh_token: token },
    };
    const answer = await tab.evaluate(async ({ url, form }) => {
      const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    }, asked);
    return { ...answer, headers: new Headers() };
  };
  const userinfoIn = (tab: Page, token: string): Promise<number> =>
    tab.evaluate(
      async ({ url, token }) => (await fetch(url, { headers: { Authorization: `Bearer ${token}` } })).status,
      { url: page().at('/userinfo'), token },
    );

  it('all go on, round after round', async () => {
    let { refresh_token: held } = await page().signInForTokens();
    for (let round = 0; round < 3; round += 1) {
      const given = (await Promise.all(tabs.map((tab) => refreshIn(tab, held)))).map(tokensOf);
      const successors = new Set(given.map(({ refresh_token: token }) => token));
      expect(successors.size).toBe(1);
      const statuses = await Promise.all(tabs.map((tab, index) => userinfoIn(tab, given[index]?.access_token ?? '')));
      expect(statuses).toEqual(Array(many).fill(200));
      [held = ''] = successors;
    }
  }, 60_000);

  it('all stop when one of them brings the old token after its time', async () => {
    const [first, second] = tabs;
    if (!first || !second) throw new Error('no tabs');
    const { refresh_token: old } = await page().signInForTokens();
    const fresh = tokensOf(await refreshIn(first, old));
    await passGrace();
    const late = await refreshIn(second, old);
    const refusedAt = performance.now();
    expect([late.status, late.body['error']]).toEqual([400, 'invalid_grant']);
    expect((await refreshIn(first, fresh.refresh_token)).body['error']).toBe('invalid_grant');
    await withinASecond(refusedAt, async () => {
      expect(await userinfoIn(first, fresh.access_token)).toBe(401);
    });
  }, 60_000);
});

describe('one refresh token, brought by openid-client', () => {
  let party: RelyingParty;
  beforeAll(async () => {
    party = await RelyingParty.discover(plane.issuer, 'demo', openid.ClientSecretBasic(secrets.demo));
  });

  it('has one successor for all who bring it at once, and each access token is good', async () => {
    const { refreshToken, claims } = await party.signIn();
    const given = await Promise.all(
      Array.from({ length: many }, () => openid.refreshTokenGrant(party.config, refreshToken)),
    );
    expect(new Set(given.map(({ refresh_token: token }) => token)).size).toBe(1);
    const seen = await Promise.all(
      given.map(({ access_token: token }) => openid.fetchUserInfo(party.config, token, claims.sub)),
    );
    expect(seen.map(({ sub }) => sub)).toEqual(Array(many).fill(claims.sub));
  }, 60_000);

  it('is refused after its time, and so is all that came of it', async () => {
    const { refreshToken } = await party.signIn();
    const { refresh_token: successor = '' } = await openid.refreshTokenGrant(party.config, refreshToken);
    await passGrace();
    for (const token of [refreshToken, successor]) {
      await expect(openid.refreshTokenGrant(party.config, token)).rejects.toMatchObject({ error: 'invalid_grant' });
    }
  }, 60_000);
});
