import { describe, expect, it } from '@jest/globals';
import { browserStateCookie, readBrowserState, setBrowserState } from './browser-state.js';
import { cookieName } from './cookies.js';
import { clearSessionCookie } from './session-cookie.js';
import type { HttpReply, HttpRequest } from './types.js';

const at = (issuer: string) => ({ tenantId: 'acme', issuer });
const answering = () => {
  const lines: string[] = [];
  const header = (_name: string, line: string) => lines.push(line);
  return { lines, reply: { header } as unknown as HttpReply };
};
const asking = (cookie: string) => ({ headers: { cookie } }) as HttpRequest;

describe("the browser's state", () => {
  it.each([
    ['https://id.example', /^__Host-signet-state-[0-9a-f]{8}=[\w-]{22}; Path=\/; SameSite=None; Secure$/],
    ['http://localhost:3000', /^signet-state-[0-9a-f]{8}=[\w-]{22}; Path=\/; SameSite=Lax$/],
  ])('is read by a page in a frame, under %s', (issuer, form) => {
    const { lines, reply } = answering();
    const state = setBrowserState(reply, at(issuer));
    expect(lines).toEqual([expect.stringMatching(form)]);
    expect(readBrowserState(asking(lines[0]?.split(';')[0] ?? ''), at(issuer))).toBe(state);
    expect(setBrowserState(reply, at(issuer))).not.toBe(state);
  });

  it('is another at every tenant, and none that is not ours', () => {
    const scope = at('http://localhost:3000');
    const ours = `${browserStateCookie(scope)}=${'A'.repeat(22)}`;
    expect(readBrowserState(asking(ours), { ...scope, tenantId: 'globex' })).toBeUndefined();
    expect(readBrowserState(asking(`${ours}x`), scope)).toBeUndefined();
  });

  it('goes with the session', () => {
    const { lines, reply } = answering();
    clearSessionCookie(
      asking(`${cookieName('acme', 'session', 'https://id.example')}=x`),
      reply,
      at('https://id.example'),
    );
    expect(lines).toEqual([
      expect.stringMatching(/^__Host-signet-[0-9a-f]{8}=; Path=\/; HttpOnly; SameSite=Lax; Max-Age=0; Secure$/),
      expect.stringMatching(/^__Host-signet-state-[0-9a-f]{8}=; Path=\/; SameSite=None; Max-Age=0; Secure$/),
    ]);
  });

  it("stays where the session's cookie did not come", () => {
    const { lines, reply } = answering();
    const scope = at('https://id.example');
    clearSessionCookie(asking(`${browserStateCookie(scope)}=${'A'.repeat(22)}`), reply, scope);
    expect(lines).toEqual([]);
  });
});
