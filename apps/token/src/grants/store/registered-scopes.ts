/** SQL: whether a client that may ask for `held` by now may have some of what `row` was granted. What was granted without scopes lacks none. */
export const someScopeLeft = (row: string, held: string) =>
  `(cardinality(${row}.scopes) = 0 or ${row}.scopes && ${held}::text[])`;

/** SQL: whether it was granted access while nobody is there, and the client may ask for that by now (OpenID Connect Core 1.0 section 11). */
export const isOffline = (row: string, held: string) =>
  `('offline_access' = any (${row}.scopes) and 'offline_access' = any (${held}::text[]))`;

/**
 * SQL: whether a request that names no resource (`asked`) gets a token for resource servers that are all `open` to its client by now. To leave out those that
 * are not could leave none, and a token that is for none by name is for all that its scopes lead to.
 */
export const resourcesLeft = (row: string, asked: string, open: string) =>
  `(cardinality(${asked}::text[]) > 0 or ${row}.resources <@ ${open}::text[])`;
