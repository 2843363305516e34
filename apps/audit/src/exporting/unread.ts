import type { ServerResponse } from 'node:http';

/** Aborted when the answer has waited so many milliseconds for its reader to take anything. */
export function whenUnread(answer: ServerResponse, patience: number): AbortSignal {
  const unread = new AbortController();
  answer.setTimeout(patience, () => {
    // Nothing may come for as long where no entry matches: a reader is late only with what waits for it.
    if (answer.writableNeedDrain) unread.abort();
  });
  return unread.signal;
}
