import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';

/** A table whose rows are `T`, with a column for each member that TypeORM reads and writes. */
export function entity<T extends object>(
  name: string,
  columns: { readonly [K in keyof T]: EntitySchemaColumnOptions },
): EntitySchema<T> {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- TypeORM declares its options as a class and means their shape
  return new EntitySchema<T>({ name, columns: { ...columns } });
}
