import type { TenantId } from '@signet/contracts';
import { formatProof, inclusionPath, type TlogProof } from '@signet/tlog';
import type { TreeReader } from './tree-reader.js';

export type EntryProof = { readonly proof: TlogProof } | { readonly fault: 'not_found' | 'not_signed' };

/** C2SP tlog-proof of one event, whose bytes are the extra data, under the latest checkpoint. */
export async function proveEvent(reader: TreeReader, tenantId: TenantId, id: string): Promise<EntryProof> {
  const entry = await reader.leaf(tenantId, id);
  if (!entry) return { fault: 'not_found' };
  const tree = await reader.signed(tenantId);
  if (!tree || tree.size <= entry.index) return { fault: 'not_signed' };
  const hashes = await reader.hashes(tenantId, inclusionPath(entry.index, tree.size), tree.size);
  const checkpoint = tree.witnessed !== null && tree.witnessedSize === tree.size ? tree.witnessed : tree.checkpoint;
  return { proof: { extra: entry.leaf, index: entry.index, hashes, checkpoint } };
}

export const proofText = ({ proof }: Extract<EntryProof, { proof: unknown }>): string => formatProof(proof);
