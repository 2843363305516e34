import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { faultsBetween } from './compare-schemas.js';
import { jsonSchemaOf } from './json-schema.js';

const shape = {
  id: z.uuid(),
  name: z.string().min(1).max(100),
  note: z.string().optional(),
  mode: z.enum(['on', 'off']),
  more: z.boolean().default(false),
  list: z.array(z.strictObject({ at: z.int().positive() })).max(10),
  by: z.record(z.string(), z.strictObject({ n: z.int() })),
  named: z.union([z.strictObject({ slug: z.string() }), z.strictObject({ key: z.int() })]),
  holder: z.string().nullable(),
  told: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('a'), n: z.int() }),
    z.object({ kind: z.literal('b'), s: z.string() }),
  ]),
};
const { told, ...others } = shape;
const released = z.strictObject(shape);
const changed = (members: Record<string, z.ZodType>) => z.strictObject({ ...shape, ...members });
const without = (name: keyof typeof shape) =>
  z.strictObject(Object.fromEntries(Object.entries(shape).filter(([key]) => key !== name)));
const [toldA, toldB] = told.options;

const faults = (from: z.ZodType, to: z.ZodType) => faultsBetween(jsonSchemaOf(from), jsonSchemaOf(to));
const nested = z.strictObject({ at: z.int().positive(), why: z.string().optional() });

describe('a message of the next version', () => {
  it.each<[string, z.ZodType]>([
    ['nothing', released],
    ['a new member that need not be there', changed({ trace: z.string().optional() })],
    ['one that has a default', changed({ trace: z.string().default('') })],
    ['one in an object of a list', changed({ list: z.array(nested).max(10) })],
    [
      'one in an object of a record',
      changed({ by: z.record(z.string(), z.strictObject({ n: z.int(), m: z.int().optional() })) }),
    ],
    [
      'one in an alternative',
      changed({
        named: z.union([
          z.strictObject({ slug: z.string(), at: z.int().optional() }),
          z.strictObject({ key: z.int() }),
        ]),
      }),
    ],
    [
      'one in a variant',
      changed({ told: z.discriminatedUnion('kind', [toldA.extend({ m: z.int().optional() }), toldB]) }),
    ],
    ['the order of variants', changed({ told: z.discriminatedUnion('kind', [toldB, toldA]) })],
    ['the order of members', z.strictObject({ told, ...others })],
    ['a sender that is less strict', z.object(shape)],
    ['a description', changed({ name: shape.name.describe('Of a thing.') })],
  ])('may change %s', (_, today) => {
    expect(faults(released, today)).toEqual([]);
  });

  it.each<[string, z.ZodType, string]>([
    ['lose a member', without('name'), 'name'],
    ['lose one that need not be there', without('note'), 'note'],
    ['demand a new one', changed({ trace: z.string() }), 'trace'],
    ['demand one that need not be there', changed({ note: z.string() }), 'note'],
    ['leave out one that must be there', changed({ name: shape.name.optional() }), 'name'],
    ['do without the default', changed({ more: z.boolean() }), 'more'],
    ['have another default', changed({ more: z.boolean().default(true) }), 'more'],
    ['have another type', changed({ name: z.int() }), 'name'],
    ['have another format', changed({ id: z.string() }), 'id'],
    ['allow less', changed({ name: z.string().min(1).max(50) }), 'name'],
    ['allow more, which an older one refuses', changed({ name: z.string().min(1).max(200) }), 'name'],
    ['allow null', changed({ name: shape.name.nullable() }), 'name'],
    ['allow null no more', changed({ holder: z.string() }), 'holder'],
    ['have a new value', changed({ mode: z.enum(['on', 'off', 'auto']) }), 'mode'],
    ['lose a value', changed({ mode: z.enum(['on']) }), 'mode'],
    ['have a longer list', changed({ list: z.array(shape.list.element).max(20) }), 'list'],
    ['change a member in a list', changed({ list: z.array(z.strictObject({ at: z.string() })).max(10) }), 'list[].at'],
    ['change a member in a record', changed({ by: z.record(z.string(), z.strictObject({ n: z.string() })) }), 'by.*.n'],
    [
      'have a new variant',
      changed({ told: z.discriminatedUnion('kind', [toldA, toldB, z.object({ kind: z.literal('c') })]) }),
      'told',
    ],
    ['lose a variant', changed({ told: z.discriminatedUnion('kind', [toldA]) }), 'told'],
    [
      'rename a variant',
      changed({ told: z.discriminatedUnion('kind', [toldA, toldB.extend({ kind: z.literal('c') })]) }),
      'told.kind',
    ],
    [
      'change a variant',
      changed({ told: z.discriminatedUnion('kind', [toldA.extend({ n: z.string() }), toldB]) }),
      'told.n',
    ],
    [
      'have a new alternative',
      changed({ named: z.union([...shape.named.options, z.strictObject({ at: z.int() })]) }),
      'named',
    ],
    ['be open to any member', z.looseObject(shape), '.*'],
  ])('may not %s', (_, today, path) => {
    expect(faults(released, today).map((fault) => fault.path)).toEqual(expect.arrayContaining([path]));
  });

  it('may not take a name in an object where any name means something', () => {
    const open = z.object({ a: z.int() }).catchall(z.string());
    expect(faults(open, z.object({ a: z.int(), b: z.string().optional() }).catchall(z.string()))).toEqual([
      { path: 'b', change: 'is new where any name means something' },
    ]);
  });

  it('says what has changed', () => {
    expect(faults(released, changed({ mode: z.enum(['on']) }))).toEqual([
      { path: 'mode', change: 'enum was ["on","off"] and is ["on"]' },
    ]);
  });
});
