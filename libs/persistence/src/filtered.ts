/** SQL of our own, with `?` for its value, and the value; undefined: nobody asked for it. */
export type Filter = readonly [condition: string, value: unknown];

/**
 * SQL: ` and …` for each filter that has a value, which goes to the `values` of a composed statement. What is asked for decides the text,
 * so that each list is planned by the index for it.
 */
export function filtered(values: unknown[], filters: readonly Filter[]): string {
  return filters
    .filter(([, value]) => value !== undefined)
    .map(([condition, value]) => ` and ${condition.replaceAll('?', `$${values.push(value)}`)}`)
    .join('');
}
