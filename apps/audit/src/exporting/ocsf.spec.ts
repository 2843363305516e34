import { describe, expect, it } from '@jest/globals';
import { catalogueOfEvents } from '@signet/contracts';
import { z } from 'zod';
import type { LoggedCloudEvent } from '../reading/cloud-event.js';
import { alarming, ocsfClassOf, otherwise } from './ocsf-mapping.js';
import { ocsfEventOf } from './ocsf.js';

const uuid = '018f4e7c-2a10-7b3c-9d55-6f0e1a2b3c4d';
const eventOf = (type: string, changes: Partial<LoggedCloudEvent> = {}): LoggedCloudEvent => ({
  ...{ specversion: '1.0', id: uuid, source: '/signet/x', type, time: '2026-01-01T00:00:00.123Z', tenant: uuid },
  ...{ aggregate: `x:${uuid}`, aggregateversion: 1, actor: 'anonymous', data: {}, logindex: 7 },
  ...changes,
});

// schema.ocsf.io/1.3.0: required attributes and constraints of the classes that are used, and the values of their enums.
const user = z
  .object({
    uid: z.string(),
    name: z.string().optional(),
    type_id: z.union([z.literal(0), z.literal(1), z.literal(3), z.literal(99)]),
  })
  .strict()
  .or(z.strictObject({ uid: z.string(), name: z.string().optional(), type_id: z.int(), type: z.string() }));
const base = {
  severity_id: z.int().min(0).max(6),
  status_id: z.union([z.literal(1), z.literal(2)]),
  time: z.int().positive(),
  actor: z
    .object({ user: user.optional(), app_uid: z.string().optional() })
    .refine((actor) => actor.user ?? actor.app_uid),
  metadata: z.object({
    version: z.literal('1.3.0'),
    product: z.object({ vendor_name: z.string(), name: z.string() }),
    uid: z.string(),
    sequence: z.int(),
    event_code: z.string(),
  }),
  unmapped: z.record(z.string(), z.unknown()),
};
const ofClass = (uid: number, activities: readonly number[], members: z.ZodRawShape) =>
  z
    .looseObject({
      ...{ ...base, ...members, class_uid: z.literal(uid), category_uid: z.literal(Math.floor(uid / 1_000)) },
      activity_id: z.int().refine((activity) => [...activities, 99].includes(activity)),
      type_uid: z.int(),
    })
    .refine((event) => event.type_uid === uid * 100 + event.activity_id)
    .refine((event) => event.activity_id !== 99 || typeof event['activity_name'] === 'string');
const upTo = (most: number) => Array.from({ length: most }, (_, place) => place + 1);
const ocsf = z.union([
  ofClass(3001, upTo(11), { user }),
  ofClass(3002, upTo(6), { user, service: z.object({ name: z.string() }) }),
  ofClass(3004, upTo(13), { entity: z.object({ name: z.string(), uid: z.string(), type: z.string() }) }),
  ofClass(3005, [1, 2], { user, privileges: z.array(z.string()) }),
  ofClass(6003, upTo(4), {
    api: z.object({ operation: z.string() }),
    src_endpoint: z.union([z.object({ ip: z.string() }), z.object({ name: z.string() })]),
  }),
]);

describe('OCSF', () => {
  it.each(catalogueOfEvents.map(({ type }) => type))('has a class for %s', (type) => {
    const [, service, noun] = type.split('.');
    expect(ocsfClassOf.get(`${service ?? ''}.${noun ?? ''}`)).toBeDefined();
    for (const changes of [
      {},
      { actor: `account:${uuid}`, subject: `account:${uuid}`, client: 'shop', session: uuid, reason: 'r' },
      { actor: 'client:shop', client: 'shop', data: { personal: { username: 'alice', network: { ip: '192.0.2.7' } } } },
    ]) {
      const event = ocsfEventOf(eventOf(type, changes));
      expect([event, ocsf.safeParse(event).error?.issues]).toEqual([event, undefined]);
    }
  });

  it('has no class that no event is of', () => {
    const nouns = new Set(catalogueOfEvents.map(({ service, noun }) => `${service}.${noun}`));
    expect([...ocsfClassOf.keys()].filter((noun) => !nouns.has(noun))).toEqual([]);
  });

  it('tells an unknown type as a base event, and everything of it', () => {
    expect(ocsfEventOf(eventOf('signet.token.moon.risen.v1', { data: { phase: 'full' } }))).toMatchObject({
      ...{ class_uid: 0, category_uid: 0, activity_id: 99, activity_name: 'moon risen' },
      ...{ metadata: { sequence: 7 }, unmapped: { phase: 'full' } },
    });
  });

  it.each(catalogueOfEvents.map(({ type }) => type))('keeps every member of %s', (type) => {
    const members = {
      ...{
        actor: 'account:1',
        onbehalfof: 'account:2',
        subject: 'account:3',
        client: 'shop',
        session: 'sid',
        reason: 'why',
      },
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    };
    const event = ocsfEventOf(eventOf(type, { ...members, data: { its: 'own' } }));
    expect(event).toMatchObject({
      ...{ status_detail: 'why', session: { uid: 'sid' }, actor: { user: { uid: '1' } } },
      metadata: { correlation_uid: '0af7651916cd43dd8448eb211c80319c' },
      unmapped: { onbehalfof: 'account:2', subject: 'account:3', client: 'shop', its: 'own' },
    });
  });

  it.each([
    ['signet.token.family.ended.v1', 99, 1],
    ['signet.session.session.ended.v1', 2, 1],
    ['signet.authn.credentials.erased.v1', 99, 1],
    ['signet.directory.account.erased.v1', 6, 1],
    ['signet.audit.webhook.replayed.v1', 99, 1],
    ['signet.token.code.replayed.v1', 99, 4],
    ['signet.token.device.replayed.v1', 99, 4],
    ['signet.token.family.reused.v1', 99, 4],
    ['signet.authn.sign-in.failed.v1', 1, 2],
  ])('tells %s by what it means', (type, activity, severity) => {
    expect(catalogueOfEvents.map((event) => event.type)).toContain(type);
    expect(ocsfEventOf(eventOf(type))).toMatchObject({ activity_id: activity, severity_id: severity });
  });

  it('knows each type that it makes an exception of', () => {
    const kinds = catalogueOfEvents.map(({ type }) => type.split('.').slice(1, 4).join('.'));
    expect(kinds).toEqual(expect.arrayContaining([...alarming, ...otherwise]));
  });

  it('tells outcome, reason and trace', () => {
    const event = eventOf('signet.token.family.reused.v1', {
      reason: 'reused',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
    expect(ocsfEventOf(event)).toMatchObject({
      ...{ status_id: 2, severity_id: 4, status_detail: 'reused', time: Date.parse('2026-01-01T00:00:00.123Z') },
      metadata: { correlation_uid: '0af7651916cd43dd8448eb211c80319c' },
    });
  });
});
