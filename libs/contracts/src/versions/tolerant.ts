import { z } from 'zod';

const readers = new WeakMap<z.ZodType, z.ZodType>();

/**
 * The same schema for whoever receives: members that it does not know are dropped, at every depth, where the schema itself refuses them. A newer
 * version may add members so, and none of them gets further than this. What is known is checked as ever.
 *
 * Among alternatives without a discriminator, a member that another of them knows is not unknown, and is refused: what names two things names none.
 */
export function tolerant<S extends z.ZodType>(schema: S): S {
  let reader = readers.get(schema);
  if (reader === undefined) {
    reader = readerOf(schema);
    readers.set(schema, reader);
  }
  return reader as S;
}

function readerOf(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) return objectReader(schema, []);
  if (schema instanceof z.ZodUnion) return unionReader(schema);
  if (schema instanceof z.ZodArray) return schema.clone({ ...schema.def, element: inner(schema.def.element) });
  if (schema instanceof z.ZodRecord) return schema.clone({ ...schema.def, valueType: inner(schema.def.valueType) });
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  ) {
    return (schema as z.ZodOptional).clone({
      ...(schema as z.ZodOptional).def,
      innerType: inner(schema.def.innerType),
    });
  }
  return schema;
}

/** `foreign`: members that it must not have. */
function objectReader(schema: z.ZodObject, foreign: readonly string[]): z.ZodType {
  const { catchall, shape } = schema.def;
  const members = Object.entries(shape).map(([name, member]) => [name, inner(member)] as const);
  const refused = foreign.filter((name) => !(name in shape)).map((name) => [name, z.never().optional()] as const);
  return schema.clone({
    ...schema.def,
    shape: Object.fromEntries([...members, ...refused]),
    ...(catchall instanceof z.ZodNever && { catchall: undefined }),
  });
}

function unionReader(schema: z.ZodUnion): z.ZodType {
  const { options } = schema.def;
  const known = schema instanceof z.ZodDiscriminatedUnion ? [] : options.flatMap(namesOf);
  return schema.clone({
    ...schema.def,
    options: options.map((option) => (isStrict(option) ? objectReader(option, known) : inner(option))),
  });
}

const isStrict = (schema: z.core.$ZodType): schema is z.ZodObject =>
  schema instanceof z.ZodObject && schema.def.catchall instanceof z.ZodNever;

const namesOf = (schema: z.core.$ZodType): string[] =>
  schema instanceof z.ZodObject ? Object.keys(schema.def.shape) : [];

const inner = <S extends z.core.$ZodType>(schema: S): S => tolerant(schema as unknown as z.ZodType) as unknown as S;
