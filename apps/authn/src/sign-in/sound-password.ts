const shortest = 8;
const longest = 1_024;

/** How a password is hashed and compared, however it was typed. */
export const normalizePassword = (typed: string): string => typed.normalize('NFC');

/** No rule of composition; of a normalized one. */
export const isSoundPassword = (password: string): boolean => password.length >= shortest && password.length <= longest;

/** As much of what was typed as is ever hashed. */
export const hashable = (password: string): string => password.slice(0, longest);
