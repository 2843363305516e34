import { describe, expect, it } from '@jest/globals';
import {
  assembleEvent,
  catalogueOfEvents,
  clean,
  eventId,
  newId,
  permissions,
  readId,
  routeOf,
  serviceNames,
  showId,
  shownId,
  signInFailed,
  tenantId,
  text,
  timeOfId,
} from './index.js';

describe('permissions', () => {
  const served = serviceNames.flatMap((name) => permissions[name].serves.map(({ subject }) => ({ name, subject })));

  it('has one server for each request, in the service that its subject names', () => {
    expect(new Set(served.map(({ subject }) => subject)).size).toBe(served.length);
    for (const { name, subject } of served)
      expect(subject).toMatch(new RegExp(`^signet\\.rpc\\.${name}\\.v1\\.[a-z-]+\\.[a-z-]+$`));
  });

  it('lets nobody call what nobody serves', () => {
    const subjects = new Set(served.map(({ subject }) => subject));
    for (const { calls } of Object.values(permissions)) {
      for (const { subject } of calls) expect(subjects).toContain(subject);
    }
  });
});

describe('events', () => {
  it('have types of their own, in the past tense of their service', () => {
    expect(new Set(catalogueOfEvents.map(({ type }) => type)).size).toBe(catalogueOfEvents.length);
    for (const { type, service } of catalogueOfEvents) {
      expect(type).toMatch(new RegExp(`^signet\\.${service}\\.[a-z-]+\\.(?:[a-z-]+ed|begun|read)\\.v1$`));
    }
  });

  it('keep the personal part out of the leaf', () => {
    const sealed = new Uint8Array([1, 2, 3]);
    const event = assembleEvent(
      signInFailed,
      {
        tenantId: newId(tenantId),
        context: { actor: 'anonymous', network: { ip: '192.0.2.7', userAgent: 'agent' } },
        data: {},
        personal: { username: 'alice' },
        reason: 'wrong_password',
      },
      {
        id: newId(eventId),
        time: '2026-01-01T00:00:00.000Z',
        traceparent: undefined,
        seal: () => ({ sealed, digest: 'd' }),
      },
    );
    expect(JSON.stringify(event.head)).not.toMatch(/alice|192\.0\.2\.7|agent/);
    expect(event.head).toMatchObject({
      type: 'signet.authn.sign-in.failed.v1',
      personaldigest: 'd',
      reason: 'wrong_password',
    });
    expect(event.aggregate).toBe(`sign-in:${event.id}`);
    expect(event.personal).toBe(sealed);
  });
});

describe('ids', () => {
  it('carry their time and are shown with a prefix', () => {
    const before = Date.now();
    const id = newId(tenantId);
    expect(timeOfId(id)).toBeGreaterThanOrEqual(before - 1);
    expect(showId('ten', id)).toBe(`ten_${id.replaceAll('-', '')}`);
  });

  it('are read back from what was shown, and from nothing else', () => {
    const id = newId(tenantId);
    const shown = showId('ten', id);
    expect(readId('ten', shown)).toBe(id);
    for (const other of [
      id,
      shown.toUpperCase(),
      `${shown}0`,
      shown.slice(0, -1),
      `x${shown}`,
      shown.replace('ten', 'acc'),
    ])
      expect([other, readId('ten', other)]).toEqual([other, undefined]);
    expect(shownId('ten', tenantId).parse(shown)).toBe(id);
    expect(shownId('ten', tenantId).safeParse(`ten_${'0'.repeat(32)}`).success).toBe(false);
  });
});

describe('text', () => {
  it.each(['a\u0000b', '\ud800', 'x'.repeat(11)])('refuses %j', (value) => {
    expect(text(10).safeParse(value).success).toBe(false);
  });

  it('keeps astral characters', () => {
    expect(text(10).parse('a😀b')).toBe('a😀b');
    expect(clean('a😀\u0000\ud800', 10)).toBe('a😀\uFFFD\uFFFD');
  });
});

describe('routes', () => {
  it.each([
    ['/authorize', 'authn'],
    ['/authorize/t/globex', 'authn'],
    ['/t/globex/.well-known/openid-configuration', 'token'],
    ['/.well-known/oauth-authorization-server/t/globex', 'token'],
    ['/logout', 'session'],
    ['/check-session/t/globex', 'session'],
    ['/authorized', undefined],
    ['/', undefined],
  ])('%s belongs to %s', (path, service) => {
    expect(routeOf(path)?.service).toBe(service);
  });
});
