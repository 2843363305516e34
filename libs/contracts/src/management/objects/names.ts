import { z } from 'zod';
import { text } from '../../text.js';

/** What people are shown. */
export const displayName = text(200, 1);
export const description = text(300);

/** The name by which a role, a group, an organisation or a permission is referred to. */
export const objectName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/);

/** A group by name; one of an organisation's as `<organisation>/<group>`. */
export const groupReference = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}(?:\/[A-Za-z0-9][A-Za-z0-9._:-]{0,99})?$/);

/** What Signet itself has in every tenant is called so, and nothing else is. */
export const reservedPrefix = 'signet:';

/** How a group is referred to. */
export const groupName = ({ organisation, name }: { organisation?: string | undefined; name: string }): string =>
  organisation === undefined ? name : `${organisation}/${name}`;
