/**
 * What a terminal would obey, or a reader would be misled by: control characters (a C1 control begins an escape sequence as ESC does), line separators, and what
 * changes the direction of text or is not seen.
 */
const commanding = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text from anybody as one line for a terminal: what is not for showing is written as JSON escapes it, so JSON stays the same JSON. */
export function harmless(text: string): string {
  return text.replaceAll(commanding, (character) =>
    Array.from({ length: character.length }, (_, place) => escaped(character.charCodeAt(place))).join(''),
  );
}

const escaped = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;
