/** The languages that every page speaks, by their tags: discovery names them, and each has a catalogue in libs/pages or that does not compile. */
export const pageLocales = ['en', 'de', 'fr'] as const;
