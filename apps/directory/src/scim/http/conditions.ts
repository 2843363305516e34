import { entityTag } from '../scim-resource.js';
import { invalid } from '../scim-error.js';

const tags = /^(?:W\/)?"[\x21\x23-\x7e]*"(?:[ \t]*,[ \t]*(?:W\/)?"[\x21\x23-\x7e]*")*$/;

/**
 * Which versions a conditional request means; undefined where it has no condition. Our tags are weak and stand in If-Match too, as
 * RFC 7644 section 3.14 has it, though RFC 9110 section 13.1.1 would not. Throws ScimError for what is no list of tags.
 */
export function versionsIn(field: string | undefined): ((version: number) => boolean) | undefined {
  const value = field?.trim();
  if (value === undefined) return undefined;
  if (value === '*') return () => true;
  if (!tags.test(value)) throw invalid('invalidValue', 'A list of entity tags is malformed');
  const listed = new Set(value.match(/"[^"]*"/g));
  return (version) => listed.has(entityTag(version).replace('W/', ''));
}
