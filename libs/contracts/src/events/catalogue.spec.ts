import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { eventId, newId, tenantId } from '../ids.js';
import { catalogueOfEvents } from './catalogue.js';
import { assembleEvent, envelope } from './definition.js';
import { dataFields, envelopeFields, exampleOfEvent, personalFields } from './described-event.js';

type FieldTypes = Readonly<Record<string, string>>;

const known = Object.fromEntries(
  catalogueOfEvents.map((definition): [string, FieldTypes] => [
    definition.type,
    Object.fromEntries([
      ...dataFields(definition).map(({ path, type }) => [`data.${path}`, type] as const),
      ...personalFields(definition).map(({ path, type }) => [`personal.${path}`, type] as const),
    ]),
  ]),
);

describe('the catalogue of events', () => {
  it.each(catalogueOfEvents.map((definition) => [definition.type, definition] as const))(
    '%s: each field has a meaning, and its example is one of it',
    (_, definition) => {
      const { data, personal } = exampleOfEvent(definition);
      const nameless = [...dataFields(definition), ...personalFields(definition)].filter(
        ({ meaning }) => meaning === '',
      );
      expect(nameless.map(({ path }) => path)).toEqual([]);
      expect(definition.occurs).toMatch(/^[^.]+[^.\s]$/);
      const making = {
        ...{ id: newId(eventId), time: '2026-11-26T12:00:00.000Z', traceparent: undefined },
        seal: () => ({ sealed: new Uint8Array(1), digest: 'd' }),
      };
      const input = { tenantId: newId(tenantId), context: { actor: 'anonymous' }, data, personal };
      const { head } = assembleEvent(definition, input, making);
      expect(envelope.parse({ ...head, aggregateversion: 1 }).data).toEqual(data);
    },
  );

  it('tells what each member of the envelope means', () => {
    expect(envelopeFields.filter(({ meaning }) => meaning === '').map(({ path }) => path)).toEqual([]);
  });

  it('only ever grows: what was released is there, with the type that it had', async () => {
    const text = await readFile(new URL('./released-events.json', import.meta.url), 'utf8');
    const released = JSON.parse(text) as Readonly<Record<string, FieldTypes>>;
    for (const [type, fields] of Object.entries(released)) expect([type, known[type]]).toMatchObject([type, fields]);
    // Then what is new joins it: this is what the file has to hold.
    expect(released).toEqual(known);
  });
});
