/** Dotless i folds to itself (Unicode CaseFolding.txt), though its capital is I. */
const dotlessI = 'ı';

/** Each code point for itself: in context, toLowerCase would make a final sigma of the last one in a word. */
function fold(text: string): string {
  return Array.from(text, (character) =>
    character === dotlessI ? character : character.toLowerCase().toUpperCase().toLowerCase(),
  ).join('');
}

/**
 * What identifiers are compared by: NFKC, case-folded, and without the code points that nobody sees (Unicode section 3.13,
 * NFKC_Casefold). Two identifiers with the same key name the same account. Empty for text that shows nothing.
 */
export function identifierKey(identifier: string): string {
  const folded = fold(identifier.normalize('NFKC').replaceAll(/\p{Default_Ignorable_Code_Point}/gu, ''));
  return fold(folded.normalize('NFKC')).normalize('NFKC');
}
