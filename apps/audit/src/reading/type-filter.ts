/** Which types of event somebody wants; of none that is named: all. */
export class TypeFilter {
  readonly #types: ReadonlySet<string>;
  readonly #prefixes: readonly string[];

  constructor(patterns: readonly string[]) {
    this.#types = new Set(patterns.filter((pattern) => !pattern.endsWith('*')));
    this.#prefixes = patterns.filter((pattern) => pattern.endsWith('*')).map((pattern) => pattern.slice(0, -1));
  }

  get isAll(): boolean {
    return this.#types.size === 0 && this.#prefixes.length === 0;
  }

  matches(type: string): boolean {
    return this.isAll || this.#types.has(type) || this.#prefixes.some((prefix) => type.startsWith(prefix));
  }

  /** Values of `typeCondition`: null, and nothing is filtered. */
  get values(): readonly [types: readonly string[] | null, prefixes: readonly string[] | null] {
    return this.isAll ? [null, null] : [[...this.#types], this.#prefixes];
  }
}

/** SQL: whether `type` is wanted, by two parameters that a TypeFilter has the values of. */
export const typeCondition = (types: string, prefixes: string): string =>
  `(${types}::text[] is null or type = any(${types}) or type ^@ any(${prefixes}::text[]))`;
