/** PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  /** PEM. */
  readonly ca: string;
  /**
   * `names`: DNS names and IP addresses, the first of them the common name. `uses`: for servers when absent. `days`: the authority's when absent;
   * negative, it has ended.
   */
  issue(options: {
    readonly names: readonly string[];
    readonly uses?: readonly ('server' | 'client')[];
    readonly days?: number;
  }): Promise<Issued>;
}

/** An authority that is forgotten with the process that made it. */
export function newAuthority(options: { readonly name: string; readonly days: number }): Promise<Authority>;
