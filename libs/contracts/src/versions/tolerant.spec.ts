import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { tolerant } from './tolerant.js';

const point = z.strictObject({ x: z.int(), y: z.int().optional() });
const wrapped = {
  'in nothing': point,
  optional: point.optional(),
  nullable: point.nullable(),
  readonly: point.readonly(),
};

const reads = (schema: z.ZodType, value: unknown) => tolerant(schema).parse(value);
const takes = (schema: z.ZodType, value: unknown) => tolerant(schema).safeParse(value).success;

describe('a receiver', () => {
  it.each(Object.entries({ ...wrapped, default: point.default({ x: 0 }) }))(
    'drops members that it does not know: %s',
    (_, schema) => {
      expect(schema.safeParse({ x: 1, z: 2 }).success).toBe(false);
      expect(reads(schema, { x: 1, z: 2 })).toEqual({ x: 1 });
    },
  );

  it('drops them at every depth', () => {
    const deep = z.strictObject({ list: z.array(z.record(z.string(), z.strictObject({ at: point }))) });
    expect(reads(deep, { list: [{ a: { at: { x: 1, z: 1 }, b: 1 } }], c: 1 })).toEqual({
      list: [{ a: { at: { x: 1 } } }],
    });
  });

  it('keeps what a schema lets be', () => {
    const open = z.strictObject({ key: z.looseObject({ kty: z.string() }), by: z.object({}).catchall(z.int()) });
    expect(reads(open, { key: { kty: 'EC', crv: 'P-256' }, by: { a: 1 }, c: 1 })).toEqual({
      key: { kty: 'EC', crv: 'P-256' },
      by: { a: 1 },
    });
  });

  it.each([
    ['another type', { x: '1' }],
    ['a missing member', { y: 1 }],
    ['a list for an object', [1]],
    ['no object', null],
  ])('refuses %s as ever', (_, value) => {
    expect(takes(point, value)).toBe(false);
  });

  it('runs the checks of an object, of what it knows', () => {
    const ordered = z.strictObject({ x: z.int(), y: z.int() }).refine(({ x, y }) => x < y);
    expect([takes(ordered, { x: 1, y: 2, z: 0 }), takes(ordered, { x: 2, y: 1, z: 0 })]).toEqual([true, false]);
  });

  it('does not take `__proto__` for a member', () => {
    const read = reads(point, JSON.parse('{"x":1,"__proto__":{"y":2}}')) as z.infer<typeof point>;
    expect([read, read.y]).toEqual([{ x: 1 }, undefined]);
  });

  const named = z.union([z.strictObject({ slug: z.string() }), z.strictObject({ id: z.int() })]);
  it.each([
    [{ slug: 'a' }, { slug: 'a' }],
    [{ slug: 'a', deep: true }, { slug: 'a' }],
    [{ id: 1, deep: true }, { id: 1 }],
    [{ slug: 'a', id: 1 }, undefined],
    [{ slug: 'a', id: 'not an id' }, undefined],
    [{ name: 'a' }, undefined],
  ])('reads one of two alternatives, and refuses both at once: %j', (value, read) => {
    expect(tolerant(named).safeParse(value).data).toEqual(read);
  });

  const decided = z.discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.literal('yes'), at: z.int() }),
    z.strictObject({ outcome: z.literal('no') }),
  ]);
  it.each([
    [
      { outcome: 'yes', at: 1, by: 'x' },
      { outcome: 'yes', at: 1 },
    ],
    [{ outcome: 'no', at: 1 }, { outcome: 'no' }],
    [{ outcome: 'perhaps' }, undefined],
  ])('goes by the discriminator, and guesses at no new variant: %j', (value, read) => {
    expect(tolerant(decided).safeParse(value).data).toEqual(read);
  });

  it('is made once', () => {
    expect(tolerant(point)).toBe(tolerant(point));
  });
});
