import { describe, expect, it } from '@jest/globals';
import {
  accountId,
  mostTenantsOfKeys,
  newId,
  prepareKeys,
  applyDirectoryConfiguration,
  applyPasswords,
  tenantId,
  type Request,
} from '@signet/contracts';
import type { Requester } from '@signet/messaging';
import type { z } from 'zod';
import { applyConfiguration } from './apply.js';
import { signetFile } from './schema.js';

/** Services that hold every request to its contract and say what they were asked. */
function services() {
  const asked: { subject: string; input: unknown }[] = [];
  const answers = new Map<string, (input: never) => unknown>([
    [
      applyDirectoryConfiguration.subject,
      ({ tenants }: z.output<typeof applyDirectoryConfiguration.request>) => ({
        changes: tenants.length,
        tenants: tenants.map(({ slug, users }) => ({
          ...{ slug, tenantId: newId(tenantId) },
          users: users.map(({ username }) => ({ username, accountId: newId(accountId) })),
        })),
      }),
    ],
    [applyPasswords.subject, () => ({ changes: 0, needed: [] })],
    [prepareKeys.subject, ({ tenantIds }: z.output<typeof prepareKeys.request>) => ({ changes: tenantIds.length })],
  ]);
  const request = (contract: Request, input: unknown) => {
    asked.push({ subject: contract.subject, input });
    const answer = answers.get(contract.subject)?.(contract.request.parse(input) as never);
    return Promise.resolve(contract.response.parse(answer));
  };
  return { asked, requester: { request } as unknown as Pick<Requester, 'request'> };
}

const on = (requester: Pick<Requester, 'request'>) => ({
  ...{ requester, issuer: 'https://id.example', keyring: undefined as never },
  hasher: { hash: () => Promise.reject(new Error('nothing is to be hashed')) },
});

describe('applyConfiguration', () => {
  it('makes the keys of more tenants than one request may name', async () => {
    const { asked, requester } = services();
    const tenants = Array.from({ length: mostTenantsOfKeys + 1 }, (_, index) => ({ slug: `t${index}`, name: 'A' }));
    const applied = await applyConfiguration(signetFile.parse({ tenants }), on(requester));
    expect(applied.changes).toBe(2 * (mostTenantsOfKeys + 1));
    expect(asked.filter(({ subject }) => subject === prepareKeys.subject)).toHaveLength(2);
  });
});
