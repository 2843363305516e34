import { setImmediate as turn } from 'node:timers/promises';

/**
 * Groups what `source` yields: at least one item, at most `size`; as many as have come while the batch before was worked
 * on. Takes no more than two batches ahead of its consumer. Ends with the source, and throws what the source throws.
 */
export async function* batchesOf<T>(source: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  const queue: T[] = [];
  let ended = false as boolean;
  let abandoned = false as boolean;
  let wake: (() => void) | undefined;
  let makeRoom: (() => void) | undefined;

  const collecting = (async () => {
    try {
      for await (const item of source) {
        queue.push(item);
        wake?.();
        if (queue.length >= 2 * size) await new Promise<void>((resolve) => (makeRoom = resolve));
        if (abandoned) break;
      }
    } finally {
      ended = true;
      wake?.();
    }
  })();
  // Awaited below; until then a failure must not count as unhandled.
  collecting.catch(() => undefined);

  try {
    for (;;) {
      if (queue.length > 0) {
        yield queue.splice(0, size);
        makeRoom?.();
      } else if (ended) {
        break;
      } else {
        await new Promise<void>((resolve) => (wake = resolve));
        // One turn of the event loop, so that all of one chunk from the socket makes one batch.
        await turn();
      }
    }
    await collecting;
  } finally {
    abandoned = true;
    makeRoom?.();
  }
}
