import { eventStream } from '@signet/contracts';
import { foreignTraitsOf, type NatsFacts } from '@signet/messaging';
import { ofNats } from '../per-service.js';
import { fault, ok, warning, type Verdict } from '../verdict.js';

export function judgeStream({
  stream,
  refusal,
  clustered,
}: Pick<NatsFacts, 'stream' | 'refusal' | 'clustered'>): Verdict {
  if (refusal !== undefined) {
    const at = refusal.search(/: (?=[a-z])/);
    return at < 0
      ? fault(refusal, 'See that JetStream runs: a cluster needs most of its servers')
      : fault(refusal.slice(0, at), refusal.slice(at + 2));
  }
  if (!stream)
    return warning(
      `${eventStream} is not there yet`,
      'A service makes it when it starts; while services run, look at their log',
    );
  if (foreignTraitsOf(stream).length > 0)
    return fault(
      `${eventStream} takes ${stream.subjects.join(', ')}, with retention ${stream.retention}, in ${stream.storage}`,
      'It is not Signet’s: delete it, or name another NATS',
    );
  if (stream.current !== undefined && stream.current < stream.replicas)
    return warning(
      `${stream.current} of its ${stream.replicas} copies are up to date`,
      'See that all NATS servers run',
    );
  if (clustered && stream.replicas === 1)
    return warning(
      'one copy in a cluster',
      'Set SIGNET_NATS_REPLICAS=3 for every service: the next start makes the others, or its log says nats.stream_copies. Nothing is lost with one, but events wait while its server is away',
    );
  if (stream.differences.length > 0)
    return warning(
      `${stream.differences.join(', ')} are set otherwise`,
      'A service sets them back when it starts; do not change them by hand',
    );
  return ok(
    `on disk, ${stream.replicas === 1 ? 'one copy' : `${stream.replicas} copies`}, ${stream.messages} messages`,
  );
}

export const natsStream = ofNats({
  name: 'nats.stream',
  about:
    'JetStream is on, and the events’ stream is Signet’s, on disk, with up-to-date copies of which a cluster has more than one',
  judge: judgeStream,
});
