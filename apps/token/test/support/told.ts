interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * What each of many was told who brought one artefact at once, sorted: `tokens`, or `nothing`, which is invalid_grant, and 503 where the row was in others'
 * hands for longer than a lock is waited for.
 */
export const toldOf = (answers: readonly Answer[]): string[] =>
  answers
    .map(({ status, body: { error } }) => {
      if (status === 200) return 'tokens';
      const nothing =
        status === 503 ? error === 'temporarily_unavailable' : status === 400 && error === 'invalid_grant';
      return nothing ? 'nothing' : `${status} ${String(error)}`;
    })
    .sort();
