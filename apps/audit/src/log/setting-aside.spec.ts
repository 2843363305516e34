import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { eventId, newId, setAsideInOutbox, type EventNotTaken } from '@signet/contracts';
import type { Requester } from '@signet/messaging';
import { SettingAside } from './setting-aside.js';

interface Asked {
  readonly subject: string;
  readonly events: readonly EventNotTaken[];
}

/** What services were told, and what was warned of; `away` is one that does not answer. */
function telling({ away, answer = {} }: { away?: string; answer?: object } = {}) {
  const asked: Asked[] = [];
  const warned: string[] = [];
  const requester = {
    request: ({ subject }: { subject: string }, input: unknown) => {
      if (subject === away) return Promise.reject(new Error('away'));
      asked.push({ subject, ...setAsideInOutbox.authn.request.parse(input) });
      return Promise.resolve({ setAside: 1, ...answer });
    },
  } as unknown as Requester;
  const settingAside = new SettingAside(requester, { warn: (event: string) => void warned.push(event) });
  const add = (service: string, id: string = newId(eventId), text = '{}') => {
    const subject = `signet.events.v1.tenant.${service}.noun.happened`;
    return settingAside.add({ subject, id, leaf: Buffer.from(text), reason: 'not_an_event' });
  };
  const settling = async () => [...(await settingAside.settle())];
  return { settingAside, settling, add, asked, warned };
}

describe('what is not taken', () => {
  it('is told to the service by whose name it came, once, with the digest of its bytes', async () => {
    const { settingAside, add, asked } = telling();
    const id = newId(eventId);
    add('token', id, '{"a":1}');
    await settingAside.settle();
    await settingAside.settle();
    const digest = createHash('sha256').update('{"a":1}').digest('base64url');
    expect(asked).toEqual([
      { subject: setAsideInOutbox.token.subject, events: [{ id, digest, reason: 'not_an_event' }] },
    ]);
  });

  it('is known where its service says so, and of one that says nothing, news', async () => {
    const id = newId(eventId);
    const newer = telling({ answer: { known: [id] } });
    newer.add('token', id);
    await expect(newer.settling()).resolves.toEqual([id]);
    await expect(newer.settling()).resolves.toEqual([]);
    const older = telling();
    older.add('token', id);
    await expect(older.settling()).resolves.toEqual([]);
  });

  it('is told to nobody where no outbox can have it', async () => {
    const { settingAside, add, asked } = telling();
    for (const id of ['', 'x', '3f0c0c9e-6d0f-4b57-9a3d-0a1b2c3d4e5f']) expect(add('authn', id)).toBe(false);
    expect(add('somebody')).toBe(false);
    await settingAside.settle();
    expect(asked).toEqual([]);
  });

  it('is bounded, and goes by what a message carries', async () => {
    const { settingAside, add, asked } = telling();
    for (let count = 0; count < 6_000; count += 1) expect(add('session')).toBe(count < 5_000);
    await settingAside.settle();
    expect(asked.map(({ events }) => events.length)).toEqual(Array.from({ length: 10 }, () => 500));
  });

  it('is left to come again where its service does not answer, and the others are told', async () => {
    const { settingAside, add, asked, warned } = telling({ away: setAsideInOutbox.authn.subject });
    for (const service of ['authn', 'directory']) add(service);
    await settingAside.settle();
    expect(asked.map(({ subject }) => subject)).toEqual([setAsideInOutbox.directory.subject]);
    expect(warned).toEqual(['log.not_set_aside']);
    await settingAside.settle();
    expect(warned).toHaveLength(1);
  });
});
