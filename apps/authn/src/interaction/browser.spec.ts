import { describe, expect, it } from '@jest/globals';
import { newId, sessionId } from '@signet/contracts';
import { loadKeyring, newKeyring } from '@signet/keys';
import { browserStateCookie, cookieName } from '@signet/service';
import { aTenant } from '@signet/testing';
import { Browser } from './browser.js';
import type { Exchange } from './exchange.js';

const issuer = 'http://localhost:3000';
const tenant = aTenant({ slug: 'default', issuer });
const scope = { tenantId: tenant.id, issuer };
const [id, secret, state] = [newId(sessionId), 's'.repeat(43), 'A'.repeat(22)];

/** The line that sets the state which clients watch, when the browser that has session `id` is given `next`. */
function stateLine(next: string, remembered?: Parameters<Browser['keepSession']>[2]): string | undefined {
  const lines: string[] = [];
  const cookie = `${cookieName(tenant.id, 'session', issuer)}=${id}.${secret}; ${browserStateCookie(scope)}=${state}`;
  const reply = { header: (_name: string, line: string) => lines.push(line) };
  const exchange = { tenant, request: { headers: { cookie } }, reply } as unknown as Exchange;
  const browser = new Browser(exchange, loadKeyring(newKeyring()), issuer);
  browser.keepSession(next, secret, remembered);
  const set = lines.find((line) => line.startsWith(`${browserStateCookie(scope)}=`));
  expect(set).toContain(`=${browser.state};`);
  return set;
}

describe('the state that clients watch', () => {
  it('is another for another session', () => {
    expect(stateLine(newId(sessionId))).not.toContain(state);
  });

  it('stays with the session that was raised, for as long as that is kept now', () => {
    expect(stateLine(id)).toContain(`=${state}; Path=/; SameSite=Lax`);
    expect(stateLine(id, { until: 60_000_000 as never, now: 0 as never })).toMatch(/=A{22};.*Max-Age=60\b/);
  });
});
