/** Where entries go that the log lets go of. */
export interface Archive {
  /** Resolves once it is there for good. The same name again is the same content. `name`: letters, digits, `-`, `.`, and `/` between directories. */
  keep(name: string, content: Uint8Array): Promise<void>;
}
