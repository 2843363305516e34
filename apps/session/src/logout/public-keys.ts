import { Injectable } from '@nestjs/common';
import { findPublicKeys, type TenantId } from '@signet/contracts';
import { importVerificationKey, publicJwkSchema, type VerificationKey } from '@signet/keys';
import { Requester } from '@signet/messaging';
import { LRUCache } from 'lru-cache';

/** Milliseconds; a key made since is asked for once it is met. */
const freshFor = 60_000;

/** The public keys of each tenant, retired ones too: an id_token_hint may be old. */
@Injectable()
export class PublicKeys {
  private readonly known = new LRUCache<string, Map<string, VerificationKey>>({ max: 5_000, ttl: freshFor });

  constructor(private readonly requester: Requester) {}

  async find(tenantId: TenantId): Promise<ReadonlyMap<string, VerificationKey>> {
    const found = this.known.get(tenantId);
    if (found) return found;
    const { keys } = await this.requester.request(findPublicKeys, { tenantId });
    const imported = keys.map((jwk) => importVerificationKey(publicJwkSchema.parse(jwk)));
    const byId = new Map(imported.map((key) => [key.kid, key]));
    this.known.set(tenantId, byId);
    return byId;
  }
}
