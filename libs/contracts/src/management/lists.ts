import { z } from 'zod';

export const pageSizes = { default: 50, most: 200 } as const;

const digits = /^\d{1,9}$/;

/** A number in a query string; nothing but digits is one. */
export const queryInteger = (schema: z.ZodType<number, number>) =>
  z.preprocess((value) => (typeof value === 'string' && digits.test(value) ? Number(value) : value), schema);

/** An index of a tenant's log in a query string. */
export const queryIndex = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

/** `true` or `false` in a query string. */
export const queryBoolean = z.preprocess(
  (value) => (value === 'true' ? true : value === 'false' ? false : value),
  z.boolean(),
);

/** The query of a list: its page, and filters by name. */
export const listQuery = <F extends z.ZodRawShape>(filters: F) =>
  z.strictObject({
    limit: queryInteger(z.int().min(1).max(pageSizes.most)).default(pageSizes.default).describe('Items in a page.'),
    cursor: z
      .string()
      .max(2_048)
      .optional()
      .describe('`next_cursor` of the page before, asked for with the same filters.'),
    ...filters,
  });

export const listOf = <I extends z.ZodType>(item: I) =>
  z.strictObject({
    items: z.array(item),
    next_cursor: z.string().optional().describe('Absent on the last page.'),
  });
