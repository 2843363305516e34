/** That of the repository's package.json, which a spec holds it to: a bundled program has no such file beside it. */
export const version = '0.1.0';
