import type { Tenant } from '@signet/contracts';
import type { Client, IdTokenHints as ClientIdTokenHints } from '@signet/protocol';
import type { IdTokenHints } from './id-token-hints.js';

/** Hints at a tenant, as its clients may give them: each its own ID tokens alone, since each may know a person by another sub. */
export class ClientHints implements ClientIdTokenHints {
  constructor(
    private readonly hints: IdTokenHints,
    private readonly tenant: Pick<Tenant, 'id' | 'issuer'>,
  ) {}

  async subjectOf(hint: string, client: Pick<Client, 'clientId'>): Promise<string | undefined> {
    const told = await this.hints.read(hint, this.tenant);
    return told !== 'none' && told.clientId === client.clientId ? told.sub : undefined;
  }
}
