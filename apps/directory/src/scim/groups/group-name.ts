/** What is left of a group's name when nothing of it may stand in a claim. */
const fallback = 'group';

/**
 * What the claim `groups` calls a group that people are shown as `displayName`: the same, as far as names of groups go
 * (letters, digits, `.`, `_`, `:` and `-`). It stays when the group is renamed, since applications know it.
 */
export function groupNameOf(displayName: string): string {
  const plain = displayName
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[^A-Za-z0-9._:-]+/g, '-')
    .replaceAll(/^[^A-Za-z0-9]+|-+$/g, '');
  return plain.slice(0, 80) || fallback;
}
