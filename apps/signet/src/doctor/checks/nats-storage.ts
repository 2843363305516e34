import type { NatsFacts } from '@signet/messaging';
import { ofNats } from '../per-service.js';
import { ok, warning, type Verdict } from '../verdict.js';

const mebibytes = (bytes: number) => `${Math.ceil(bytes / 1_024 ** 2)} MiB`;

/** What the server has left is not shown to a service's user. */
export function judgeStorage({ stream }: Pick<NatsFacts, 'stream'>): Verdict | undefined {
  if (!stream) return undefined;
  if (stream.most === undefined) return ok(`${mebibytes(stream.bytes)}, with the server’s storage as its limit`);
  const found = `${mebibytes(stream.bytes)} of ${mebibytes(stream.most)}`;
  return stream.bytes > stream.most * 0.8
    ? warning(
        found,
        'Raise max_bytes of the stream: beyond it the oldest events leave it, and consumers from outside miss them',
      )
    : ok(found);
}

export const natsStorage = ofNats({
  name: 'nats.storage',
  about: 'the stream has a fifth of its max_bytes left, where it has such a limit',
  judge: judgeStorage,
});
