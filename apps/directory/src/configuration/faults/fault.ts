/** What is wrong, and where: objects stand in a path by their name, members of lists by their index. */
export interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** Set where the fault lies in what is stored already: the same declaration is right for another directory. */
  readonly stored?: true;
}

export function below(path: Fault['path'], faults: readonly Fault[]): Fault[] {
  return faults.map((fault) => ({ ...fault, path: [...path, ...fault.path] }));
}

/** A fault for each object whose key another one before it has. */
export function repeated<T>(list: readonly T[], member: string, keyOf: (item: T) => string): Fault[] {
  const seen = new Set<string>();
  return list.flatMap((item) => {
    const key = keyOf(item);
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ path: [member, key], message: 'is declared twice' }];
  });
}
