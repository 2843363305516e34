import { describe, expect, it } from '@jest/globals';
import { renderAccount } from './account.js';
import type { AccountView } from './account.js';
import { renderConsent } from './consent.js';
import { renderDevice, renderDeviceDone } from './device.js';
import { renderError } from './error.js';
import type { ErrorKind } from './error.js';
import { renderFormPost } from './form-post.js';
import type { PageContext } from './layout.js';
import { LOCALES } from './messages/locale.js';
import { newNonce, pageHeaders } from './page-headers.js';
import { renderRepost } from './repost.js';
import { renderSelectAccount } from './select-account.js';
import { renderSetup, renderSetupDone } from './setup.js';
import type { SetupProblem } from './setup.js';
import { renderSignIn } from './sign-in.js';
import type { SignInProblem } from './sign-in.js';
import { failurePage } from './send-page.js';
import { renderSigningOut } from './signing-out.js';
import { renderSignedOut, renderSignOut } from './sign-out.js';
import { renderUnvouchedClient } from './unvouched-client.js';

const PROBLEMS: readonly SignInProblem[] = ['wrong-credentials', 'missing-credentials', 'too-many-attempts'];
const KINDS: readonly ErrorKind[] = [
  'invalid-client',
  'invalid-redirect-uri',
  'invalid-request',
  'expired',
  'too-many-attempts',
  'temporarily-unavailable',
  'not-found',
  'server-error',
];
const SCOPES = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access', 'demo:read'];

const SETUP_PROBLEMS: readonly SetupProblem[] = [
  ...(['unknown-code', 'too-many-attempts', 'expired', 'username-missing', 'username-taken'] as const),
  ...(['password-length', 'passwords-differ', 'invalid-name', 'invalid-email'] as const),
];

const accountOf = (text: string): AccountView => {
  const times = { createdAt: 0, lastSeenAt: 59_000, ip: text };
  return {
    ...{ action: '/account', interaction: text, signOutPath: '/logout', now: 60_000 },
    ...{ moreSessions: false, moreGrants: false },
    account: { username: text },
    sessions: [
      { id: 'a', current: true, browser: 'Firefox', system: 'Linux', ...times, clientNames: [text, text] },
      { id: 'b', current: false, ...times, clientNames: [] },
    ],
    grants: [
      { id: 'c', clientName: text, scopes: [{ name: 'openid' }, { name: text }], agreedAt: 0, lastUsedAt: 0 },
      { id: 'd', clientName: text, scopes: [{ name: text, description: text }], agreedAt: 0 },
    ],
  };
};

type Page = (text: string, context: PageContext) => string;

/** Each page with `text` in every field that anybody outside can choose. */
const PAGES: readonly (readonly [string, Page])[] = [
  ['sign-in', (text, context) => renderSignIn({ action: '/sign-in', interaction: text }, context)],
  ...(['reauthenticate', 'session-ended'] as const).map((notice): [string, Page] => [
    `sign-in, ${notice}`,
    (text, context) => renderSignIn({ action: '/sign-in', interaction: text, clientName: text, notice }, context),
  ]),
  ...PROBLEMS.map((problem): [string, Page] => [
    `sign-in, ${problem}`,
    (text, context) =>
      renderSignIn(
        { action: '/sign-in', interaction: text, clientName: text, username: text, problem, canCancel: true },
        context,
      ),
  ]),
  [
    'sign-in, where it may be remembered',
    (text, context) => renderSignIn({ action: '/sign-in', interaction: text, remember: 'yes' }, context),
  ],
  ['account', (text, context) => renderAccount(accountOf(text), context)],
  [
    'account, of many',
    (text, context) => renderAccount({ ...accountOf(text), moreSessions: true, moreGrants: true }, context),
  ],
  ...(['session-ended', 'others-ended', 'withdrawn', 'expired'] as const).map((notice): [string, Page] => [
    `account, ${notice}`,
    (text, context) => renderAccount({ ...accountOf(text), grants: [], notice }, context),
  ]),
  [
    'consent',
    (text, context) =>
      renderConsent(
        {
          action: '/consent',
          interaction: text,
          client: { name: text, policyUri: text, termsUri: text },
          destination: { kind: 'client', host: text },
          account: { username: text, displayName: text },
          scopes: [...SCOPES.map((name) => ({ name })), { name: text, description: text }],
          canSwitchAccount: true,
        },
        context,
      ),
  ],
  [
    'consent for a device',
    (text, context) =>
      renderConsent(
        {
          action: '/consent',
          interaction: text,
          client: { name: text },
          destination: { kind: 'device', userCode: text },
          account: { username: text },
          scopes: [{ name: text }],
        },
        context,
      ),
  ],
  ['device', (text, context) => renderDevice({ action: '/device', interaction: text, userCode: text }, context)],
  ...(['unknown-code', 'too-many-attempts', 'expired'] as const).map((problem): [string, Page] => [
    `device, ${problem}`,
    (text, context) => renderDevice({ action: '/device', interaction: text, userCode: text, problem }, context),
  ]),
  ...(['approved', 'denied', 'gone'] as const).map((outcome): [string, Page] => [
    `device, ${outcome}`,
    (text, context) => renderDeviceDone({ outcome, clientName: text }, context),
  ]),
  ['set-up', (text, context) => renderSetup({ action: '/setup', interaction: text }, context)],
  ...SETUP_PROBLEMS.map((problem): [string, Page] => [
    `set-up, ${problem}`,
    (text, context) => {
      const typed = { username: text, name: text, email: text, codeAccepted: problem !== 'unknown-code' };
      return renderSetup({ action: '/setup', interaction: text, ...typed, problem }, context);
    },
  ]),
  ['set up', (_text, context) => renderSetupDone(context)],
  [
    'select-account',
    (text, context) =>
      renderSelectAccount(
        {
          action: '/select-account',
          interaction: text,
          clientName: text,
          account: { username: text, displayName: text },
        },
        context,
      ),
  ],
  ['sign-out', (text, context) => renderSignOut({ action: '/logout', interaction: text, clientName: text }, context)],
  ['signed-out', (text, context) => renderSignedOut({ client: { name: text, href: text } }, context)],
  [
    'signed-out, with frames',
    (text, context) => renderSignedOut({ frames: [{ name: text, src: `https://shop.example/?x=${text}` }] }, context),
  ],
  ['signing-out', (text, context) => renderSigningOut({ href: text, frames: [{ name: text, src: text }] }, context)],
  ['stayed signed in', (_text, context) => renderSignedOut({ outcome: 'stayed' }, context)],
  ...KINDS.map((kind): [string, Page] => [
    `error, ${kind}`,
    (text, context) => renderError({ kind, code: text, traceId: text, description: text, retryHref: text }, context),
  ]),
  [
    'unvouched client, an error by a link',
    (text, context) => {
      const error = { code: text, traceId: text, description: text };
      return renderUnvouchedClient({ way: { kind: 'redirect', url: text }, error }, context);
    },
  ],
  [
    'unvouched client, an error by a form',
    (text, context) => {
      const way = { kind: 'form_post', action: text, fields: [[text, text]] } as const;
      return renderUnvouchedClient({ way, error: { code: text, traceId: text } }, context);
    },
  ],
  ['unvouched client', (text, context) => renderUnvouchedClient({ way: { kind: 'redirect', url: text } }, context)],
  ['repost', (text, context) => renderRepost({ action: '/authorize', fields: [[text, text]] }, context)],
  [
    'form_post',
    (text, context) => renderFormPost({ action: 'https://shop.example/cb', fields: [[text, text]] }, context),
  ],
];

const HOSTILE = `"'></title></style></p><script>alert(1)</script><img src=x onerror=alert(1)>{client}\u0000&lt;`;

const context = (text: string, locale: PageContext['locale'] = 'en'): PageContext => ({
  locale,
  nonce: newNonce(),
  branding: { tenantName: text, logoPath: '/logo.png', accent: '#7c3aed' },
});

describe.each(PAGES)('%s', (_name, page) => {
  it.each(LOCALES)('is whole and labelled in %s', (locale) => {
    const { tags, open } = parse(page('Harbour', context('Acme', locale)));
    expect(open).toEqual([]);
    const named = (name: string) => tags.filter((tag) => tag.name === name);
    expect(named('html')[0]?.attributes).toMatchObject({ lang: locale, dir: 'ltr' });
    expect([named('main'), named('h1'), named('title'), named('style')].map(({ length }) => length)).toEqual([
      1, 1, 1, 1,
    ]);
    const labels = named('label').map((label) => label.attributes['for']);
    const visible = named('input').filter((input) => input.attributes['type'] !== 'hidden');
    expect(visible.map((input) => input.attributes['id'])).toEqual(labels);
    for (const form of named('form')) expect(form.attributes['method']).toBe('post');
    const ids = tags.flatMap((tag) => tag.attributes['id'] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { attributes } of tags) {
      expect(ids).toEqual(expect.arrayContaining(attributes['aria-describedby']?.split(' ') ?? []));
    }
  });

  it('has the same structure whatever a name says', () => {
    const shape = (text: string) =>
      parse(page(text, context(text))).tags.map((tag) => [tag.name, ...Object.keys(tag.attributes)]);
    expect(shape(HOSTILE)).toEqual(shape('Harbour'));
  });

  it('carries the nonce of its headers on every style and script, and nothing inline besides', () => {
    const given = context('Acme');
    const headers = pageHeaders(given.nonce, { issuer: 'https://id.example' });
    const { tags } = parse(page('x', given));
    for (const tag of tags) {
      if (tag.name !== 'style' && tag.name !== 'script') continue;
      expect(headers['Content-Security-Policy']).toContain(`'nonce-${tag.attributes['nonce'] ?? ''}'`);
    }
    const inline = tags.flatMap((tag) => Object.keys(tag.attributes)).filter((name) => /^on|^style$/.test(name));
    expect(inline).toEqual([]);
  });
});

/** The same page once more, in other circumstances. */
const again =
  /^(?:unvouched client, an error by a form$|signed-out, with frames$|sign-in, |account, |consent for a device$|set-up, |device, (?:unknown-code|too-many-attempts|expired)$)/;

it('no two pages have one title', () => {
  const titles = PAGES.filter(([name]) => !again.test(name)).map(
    ([, page]) => /<title>(.*)<\/title>/s.exec(page('Harbour', context('Acme')))?.[1],
  );
  expect(new Set(titles).size).toBe(titles.length);
});

describe('the page of a failure that no handler answered', () => {
  const failure = {
    kind: 'temporarily-unavailable' as const,
    code: 'temporarily_unavailable',
    traceId: 'b7efcd9d',
    description: 'for the log alone',
  };
  const about = { issuer: 'https://id.example', tenant: { name: 'Acme', branding: {} } };
  const inFrench = { headers: { 'accept-language': 'fr' } };

  it('is the tenant’s, and tells no more than code, reference and when to come again', () => {
    const { html, headers } = failurePage({ ...failure, retryAfterSeconds: 7 }, inFrench, about);
    for (const told of ['lang="fr"', 'Acme', failure.code, failure.traceId, '7']) expect(html).toContain(told);
    expect(html).not.toContain(failure.description);
    expect(headers['Content-Security-Policy']).toContain("default-src 'none'");
  });

  it('bears the product’s name where no tenant was found', () => {
    expect(failurePage(failure, inFrench, { ...about, tenant: undefined }).html).toContain('Signet');
  });
});

describe('the fields and buttons that browsers and tests rely on', () => {
  it('sign-in', () => {
    const { tags } = parse(PAGES[4]?.[1]('alice', context('Acme')) ?? '');
    const inputs = tags.filter((tag) => tag.name === 'input').map((tag) => tag.attributes);
    expect(inputs).toMatchObject([
      { type: 'hidden', name: 'interaction', value: 'alice' },
      { name: 'username', autocomplete: 'username', value: 'alice', 'aria-describedby': 'problem' },
      { name: 'password', type: 'password', autocomplete: 'current-password', autofocus: '', 'aria-invalid': 'true' },
    ]);
    expect(inputs[2]).not.toHaveProperty('value');
    expect(tags.find((tag) => tag.attributes['id'] === 'problem')?.attributes).toMatchObject({ role: 'alert' });
  });

  it.each([
    ['passwords-differ', 'password', ['password', 'password_again']],
    ['username-taken', 'username', ['username']],
    ['expired', 'username', []],
  ])('set-up, %s', (problem, first, wrong) => {
    const page = PAGES.find(([key]) => key === `set-up, ${problem}`)?.[1]('alice', context('Acme'));
    const inputs = parse(page ?? '')
      .tags.filter((tag) => tag.name === 'input')
      .map((tag) => tag.attributes);
    expect(inputs.map(({ name }) => name)).toEqual([
      ...['interaction', 'username', 'password', 'password_again', 'name', 'email'],
    ]);
    expect(inputs.filter((input) => 'autofocus' in input).map(({ name }) => name)).toEqual([first]);
    expect(inputs.filter((input) => 'aria-invalid' in input).map(({ name }) => name)).toEqual(wrong);
    expect(inputs.filter((input) => input['type'] === 'password' && 'value' in input)).toEqual([]);
    expect(page?.match(/role="status"/g)).toHaveLength(1);
  });

  it('the box that keeps a person signed in', () => {
    const page = PAGES.find(([key]) => key === 'sign-in, where it may be remembered')?.[1]('alice', context('Acme'));
    const box = parse(page ?? '').tags.find((tag) => tag.attributes['id'] === 'remember');
    expect(box?.attributes).toMatchObject({ name: 'remember', type: 'checkbox', value: 'yes', checked: '' });
    expect(PAGES[0]?.[1]('alice', context('Acme'))).not.toContain('checkbox');
  });

  it('account: that there is more where there is', () => {
    const pageOf = (name: string) => PAGES.find(([key]) => key === name)?.[1]('Acme', context('Acme')) ?? '';
    expect(pageOf('account').match(/There are more/g)).toBeNull();
    expect(pageOf('account, of many').match(/There are more/g)).toHaveLength(2);
  });

  it('account: each thing with its button, and none that ends the session that looks on', () => {
    const page = PAGES.find(([key]) => key === 'account')?.[1]('Acme', context('Acme')) ?? '';
    const { tags } = parse(page);
    const named = (name: string) =>
      tags.flatMap((tag) => (tag.attributes['name'] === name ? (tag.attributes['value'] ?? '') : []));
    expect(named('decision')).toEqual(['end-session', 'end-others', 'withdraw', 'withdraw']);
    expect([named('session'), named('grant')]).toEqual([['b'], ['c', 'd']]);
    expect(named('interaction')).toHaveLength(4);
    expect(tags.filter((tag) => tag.name === 'a').map((tag) => tag.attributes['href'])).toEqual(['/logout']);
    for (const said of ['Firefox on Linux', 'This device', 'Unknown device', '1 minute ago', 'Last seen now'])
      expect(page).toContain(said);
  });

  it('set-up asks for the code, and never writes it back', () => {
    const page = PAGES.find(([key]) => key === 'set-up, unknown-code')?.[1]('alice', context('Acme'));
    const code = parse(page ?? '').tags.find((tag) => tag.attributes['id'] === 'setup_code');
    expect(code?.attributes).toMatchObject({ value: '', required: '', autofocus: '', 'aria-invalid': 'true' });
  });

  it.each([
    ['consent', ['switch', 'allow', 'deny']],
    ['select-account', ['continue', 'switch']],
    ['sign-out', ['allow', 'deny']],
  ])('%s', (name, decisions) => {
    const page = PAGES.find(([key]) => key === name)?.[1];
    const buttons = parse(page?.('x', context('Acme')) ?? '').tags.filter((tag) => tag.name === 'button');
    expect(buttons.map(({ attributes }) => attributes)).toMatchObject(
      decisions.map((value) => ({ type: 'submit', name: 'decision', value })),
    );
  });

  // OAuth 2.0 Form Post Response Mode 1.0 section 2
  it('form_post', () => {
    const view = {
      action: 'https://shop.example/cb?a=b&c',
      fields: [
        ['submit', 'x'],
        ['state', `"'><&é`],
      ] as const,
    };
    const page = renderFormPost(view, context('Acme'));
    const { tags } = parse(page);
    const of = (name: string) => tags.filter((tag) => tag.name === name).map((tag) => tag.attributes);
    expect(of('form')).toMatchObject([{ method: 'post', action: 'https://shop.example/cb?a=b&amp;c' }]);
    expect(of('input')).toEqual([
      { type: 'hidden', name: 'submit', value: 'x' },
      { type: 'hidden', name: 'state', value: '&quot;&#39;&gt;&lt;&amp;é' },
    ]);
    expect(of('button')).toMatchObject([{ type: 'submit' }]);
    expect(page).toContain('HTMLFormElement.prototype.submit.call(document.forms[0]);');
  });

  describe('the way to a client that nobody vouches for', () => {
    const error = { code: 'invalid_scope', traceId: 't' };
    const of = (page: string, name: string) =>
      parse(page)
        .tags.filter((tag) => tag.name === name)
        .map((tag) => tag.attributes);

    it.each([
      ['https://shop.example:8443/cb?a=b&error=invalid_scope', 'shop.example:8443'],
      ['https://xn--80ak6aa92e.example/cb#error=invalid_scope', 'xn--80ak6aa92e.example'],
      ['https://аррӏе.example/cb?error=invalid_scope', 'xn--80ak6aa92e.example'],
      ['com.example.app:/cb?error=invalid_scope', 'com.example.app'],
    ])('is a link to %s, by its place, and is never taken by the page', (url, place) => {
      const page = renderUnvouchedClient({ way: { kind: 'redirect', url }, error }, context('Acme'));
      const [link] = of(page, 'a');
      expect(link).toMatchObject({ href: url.replace('&', '&amp;'), rel: 'noreferrer' });
      expect(page).toContain(`>Return to ${place}</a`);
      expect([of(page, 'script'), of(page, 'form'), /http-equiv/.test(page)]).toEqual([[], [], false]);
    });

    it('is a form for form_post, with the response in it', () => {
      const fields = [['error', 'invalid_scope'] as const, ['state', 's'] as const];
      const way = { kind: 'form_post', action: 'https://shop.example/cb', fields } as const;
      const page = renderUnvouchedClient({ way, error }, context('Acme'));
      expect(of(page, 'form')).toMatchObject([{ method: 'post', action: 'https://shop.example/cb' }]);
      expect(of(page, 'input')).toMatchObject(fields.map(([name, value]) => ({ type: 'hidden', name, value })));
      expect(page).toMatch(/<button[^>]*type="submit"[^>]*>Return to shop\.example<\/button/);
      expect([of(page, 'script'), of(page, 'a')]).toEqual([[], []]);
    });
  });

  it('a logo from anywhere but our own origin is left out', () => {
    for (const logoPath of ['https://cdn.example/l.png', '//cdn.example/l.png', '/\\cdn.example/l.png', 'l.png']) {
      const page = renderSignedOut({}, { ...context('Acme'), branding: { tenantName: 'Acme', logoPath } });
      expect(page).not.toContain('<img');
    }
  });
});

interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const VOID = new Set(['meta', 'input', 'img', 'br', 'circle', 'rect', 'path']);

/** A stricter reading than a browser's: each tag that is opened is closed, in order. */
function parse(page: string): { tags: readonly Tag[]; open: readonly string[] } {
  const tags: Tag[] = [];
  const open: string[] = [];
  const token = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z-]+(?:="[^"<>]*")?)*)\s*\/?>/g;
  const text = page.replace('<!doctype html>', '').replace(/(<style[^>]*>|<script[^>]*>)[^<]*/g, '$1');
  for (const [, slash, name = '', written = ''] of text.matchAll(token)) {
    if (slash === '/') {
      if (open.pop() !== name) throw new Error(`</${name}> closes another element`);
      continue;
    }
    const pairs = [...written.matchAll(/([a-zA-Z-]+)(?:="([^"]*)")?/g)].map(([, key = '', value]) => [
      key,
      value ?? '',
    ]);
    tags.push({ name, attributes: Object.fromEntries(pairs) as Record<string, string> });
    if (!VOID.has(name)) open.push(name);
  }
  if (text.replace(token, '').includes('<')) throw new Error('A < that opens no tag');
  return { tags, open };
}
