/** Called where a statement is sent; what it gives, if anything, when its answer is there, with the error that it was. */
export type StatementTrace = (statement: string) => ((error?: unknown) => void) | undefined;

/** `work`, which sends the statement, between the two. */
export function traced<T>(trace: StatementTrace | undefined, statement: string, work: () => Promise<T>): Promise<T> {
  const end = trace?.(statement);
  if (!end) return work();
  return work().then(
    (answer) => {
      end();
      return answer;
    },
    (error: unknown) => {
      end(error);
      throw error;
    },
  );
}
