import type { z } from 'zod';

/** A variable of the environment with what the documentation says of it. `byDefault`: empty where there is none. */
export const setting = <S extends z.ZodType>(schema: S, meaning: string, byDefault = '') =>
  schema.optional().meta({ meaning, default: byDefault });
