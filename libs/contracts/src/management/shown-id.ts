import { z } from 'zod';
import { readId, showId, type IdPrefix } from '../ids.js';

/** An id as the wire has it, `<prefix>_` and 32 hexadecimal digits; read as ours. */
export const shownId = <S extends z.ZodType<string, string>>(prefix: IdPrefix, id: S) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-f]{32}$`))
    .transform((shown) => readId(prefix, shown) ?? '')
    .pipe(id)
    .meta({ examples: [showId(prefix, '018f4e7c-2a10-7b3c-9d55-6f0e1a2b3c4d')] });
