import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { agreedChanges } from './agreed-changes.js';
import type { JsonSchema } from './json-schema.js';
import { brokenMessages, formOf, messages, type MessageForm, type MessageForms } from './message-forms.js';
import { formsOfToday, lostInNats, type ReleasedForms } from './released.js';
import { tolerant } from './tolerant.js';

const released = JSON.parse(
  readFileSync(new URL('./released-messages.json', import.meta.url), 'utf8'),
) as ReleasedForms;
const today = formsOfToday();

const parts = ['request', 'response'] as const;
const subjects = Object.keys(released.messages);
const messageOf = (subject: string) => {
  const [contract, before, after] = [messages.get(subject), released.messages[subject], today.messages[subject]];
  if (!contract || !before || !after) throw new Error(`${subject} is served no more`);
  return { contract, before, after };
};

/** How a released version reads: its schema, as strict as its senders are, made tolerant as its transport does. */
const readerOf = (schema: JsonSchema) => tolerant(z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]));

const unknownName = 'of_a_newer_version';

/** The value with a member that nobody knows in each of its objects where names are known. */
function withUnknown(schema: JsonSchema, value: unknown): unknown {
  const { anyOf, items, properties, additionalProperties: open } = schema;
  const one = anyOf?.find((each) => z.fromJSONSchema(each as never).safeParse(value).success);
  if (one) return withUnknown(one, value);
  if (Array.isArray(value)) return value.map((each: unknown) => (items ? withUnknown(items, each) : each));
  if (typeof value !== 'object' || value === null) return value;
  const rest = typeof open === 'object' ? open : undefined;
  const members = Object.entries(value as Record<string, unknown>).map(([name, member]) => {
    const of = properties?.[name] ?? rest;
    return [name, of ? withUnknown(of, member) : member];
  });
  return {
    ...Object.fromEntries(members),
    ...(open === undefined || open === false ? { [unknownName]: { a: [1] } } : {}),
  };
}

describe('messages between two versions', () => {
  it('are as they were released, but for members that need not be there', () => {
    expect(brokenMessages(released.messages, today.messages, agreedChanges)).toEqual([]);
  });

  it('are still permitted to those who sent and served them, over the same streams', () => {
    expect(lostInNats(released, today)).toEqual([]);
  });

  it.each(subjects)('%s: what a released version sends, this one reads', (subject) => {
    const { contract, before } = messageOf(subject);
    for (const part of parts) for (const example of before.examples[part]) tolerant(contract[part]).parse(example);
  });

  it.each(subjects)('%s: what this one sends, a released version reads', (subject) => {
    const { before, after } = messageOf(subject);
    for (const part of parts) for (const example of after.examples[part]) readerOf(before[part]).parse(example);
  });

  it.each([...messages.keys()])('%s: members of a newer version are dropped, at every depth', (subject) => {
    const contract = messages.get(subject);
    const form = today.messages[subject];
    if (!contract || !form) throw new Error(subject);
    for (const part of parts)
      for (const example of form.examples[part]) {
        const more = withUnknown(form[part], example);
        expect(JSON.stringify(more)).toContain(unknownName);
        expect(tolerant(contract[part]).parse(more)).toEqual(tolerant(contract[part]).parse(example));
      }
  });
});

const [[subject = '', contract] = []] = messages;
const form = contract && formOf(contract);

describe('what breaks them', () => {
  const changed = (change: Partial<MessageForm>): MessageForms => ({
    ...today.messages,
    [subject]: { ...form, ...change } as MessageForm,
  });
  const others = Object.fromEntries(Object.entries(today.messages).filter(([name]) => name !== subject));

  it.each<[string, MessageForms, string | undefined]>([
    ['nothing', today.messages, undefined],
    ['a new subject', { ...today.messages, 'signet.rpc.token.v1.new.find': form as MessageForm }, undefined],
    ['a subject that is gone', others, ''],
    ['another request', changed({ request: { type: 'object', properties: {} } }), 'request.planId'],
    ['another response', changed({ response: { type: 'object', properties: {} } }), 'response.changes'],
    ['a new error', changed({ errors: ['not_found'] }), 'errors'],
  ])('%s', (_name, now, path) => {
    const faults = brokenMessages(today.messages, now);
    expect(faults.map((fault) => fault.path).slice(0, 1)).toEqual(path === undefined ? [] : [path]);
    const agreed = faults.map((fault) => ({ ...fault, why: 'it was thought about' }));
    expect(brokenMessages(today.messages, now, agreed)).toEqual([]);
  });

  it('an error that is gone, which an older version still gives', () => {
    const [, before = []] = Object.entries(today.messages).find(([, each]) => each.errors.length > 0) ?? [];
    const name = Object.keys(today.messages).find((each) => today.messages[each] === before) ?? '';
    const now = { ...today.messages, [name]: { ...(before as MessageForm), errors: [] } };
    expect(brokenMessages(today.messages, now)).toContainEqual({
      subject: name,
      path: 'errors',
      change: 'not_found is gone',
    });
  });

  it('a right in NATS that is gone, and other subjects of a stream', () => {
    const { token } = today.principals;
    const less = { ...today, principals: { ...today.principals, token: { ...token, calls: [] } } } as ReleasedForms;
    expect(lostInNats(today, less)).toContain('token calls signet.rpc.directory.v1.client.find-with-secrets');
    expect(lostInNats(today, { ...today, streams: { SIGNET_EVENTS: 'signet.events.v2.>' } })).toEqual(['streams']);
  });
});
