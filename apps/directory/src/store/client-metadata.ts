import { optionalMetadata, type Client } from '@signet/protocol';

export type MetadataName = keyof typeof optionalMetadata;
const metadataNames = Object.keys(optionalMetadata) as readonly MetadataName[];

/** What no statement looks at by itself: one JSON object. */
export const metadataOf = (client: Pick<Client, MetadataName>): object =>
  Object.fromEntries(metadataNames.flatMap((name) => (client[name] === undefined ? [] : [[name, client[name]]])));
