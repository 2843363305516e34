import { envelope, type Envelope } from '@signet/contracts';
import type { PersonalPart } from '../personal/personal-parts.js';

/** A CloudEvents 1.0 event in JSON, as every reader of the log gets it. */
export type LoggedCloudEvent = Envelope & {
  /** The entry's index in its tenant's log. */
  readonly logindex: number;
};

/** The leaf as it reads, with its place in the log. An opened personal part is `data.personal`: extensions hold no objects (CloudEvents 1.0 section 3.1). */
export function cloudEventOf(
  { leaf, index }: { readonly leaf: Uint8Array; readonly index: number },
  personal?: PersonalPart,
): LoggedCloudEvent {
  const event = envelope.parse(JSON.parse(Buffer.from(leaf).toString('utf8')));
  return { ...event, logindex: index, ...(personal && { data: { ...event.data, personal } }) };
}
