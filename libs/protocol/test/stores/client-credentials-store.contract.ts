import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Client, ClientCredentialsIssue, ClientCredentialsStore, Micros } from '../../src/index.js';

/** An implementation, with what a test needs beside the port. */
export interface ClientCredentialsBench {
  readonly store: ClientCredentialsStore;
  readonly client: Client;
  /** Raises a floor over the client where the store runs, and gives its time. */
  revoke(client: Client): Promise<Micros>;
  /** The ids of the tokens that were recorded for the client. */
  recorded(client: Client): Promise<readonly string[]>;
}

/** What every ClientCredentialsStore does (RFC 6749 section 4.4). */
export function describeClientCredentialsStore(make: () => Promise<ClientCredentialsBench>): void {
  describe('a ClientCredentialsStore', () => {
    let bench: ClientCredentialsBench;
    beforeEach(async () => {
      bench = await make();
    });
    const issue = (client: Client, tokenId: string): ClientCredentialsIssue => ({
      client,
      scopes: ['demo:read'],
      audience: ['https://api.example'],
      tokenId,
    });

    it('records each token of many that are asked for at once, each an instance of its own', async () => {
      const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
      const results = await Promise.all(ids.map((id) => bench.store.record(issue(bench.client, id))));
      const instances = results.map((result) => (result.outcome === 'recorded' ? result.instance : result.outcome));
      expect(new Set(instances).size).toBe(ids.length);
      expect(instances).not.toContain('dead');
      expect([...(await bench.recorded(bench.client))].sort()).toEqual(ids);
    });

    it('gives nothing that lies under a floor which stands already: what it gives begins after it, or it gives nothing', async () => {
      await bench.store.record(issue(bench.client, 'before'));
      const at = await bench.revoke(bench.client);
      const result = await bench.store.record(issue(bench.client, 'after'));
      const began = result.outcome === 'recorded' ? result.since : undefined;
      expect(began === undefined || began > at).toBe(true);
      const recorded = [...(await bench.recorded(bench.client))].sort();
      expect(recorded).toEqual(began === undefined ? ['before'] : ['after', 'before']);
    });
  });
}
