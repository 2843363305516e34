import { formatSetupCode, openSetup, pathAt, rfc3339, type Micros, type Tenant } from '@signet/contracts';
import { sha256Text } from '@signet/keys';
import type { Requester } from '@signet/messaging';
import { randomBytes } from 'node:crypto';

export type OpenedSetup =
  | { readonly outcome: 'opened'; readonly code: string; readonly expiresAt: Micros }
  | { readonly outcome: 'standing'; readonly expiresAt: Micros }
  | { readonly outcome: 'administered' };

/** Makes a set-up code where the tenant has no administrator. The code is nowhere but in what this gives: authn has its hash. */
export async function makeSetupCode(
  requester: Pick<Requester, 'request'>,
  tenant: Pick<Tenant, 'id'>,
  { unlessOpen }: { readonly unlessOpen: boolean },
): Promise<OpenedSetup> {
  const code = formatSetupCode(randomBytes(20));
  const answer = await requester.request(openSetup, { tenantId: tenant.id, hash: sha256Text(code), unlessOpen });
  return answer.outcome === 'opened' ? { ...answer, code } : answer;
}

/** What a terminal shows of it; nothing where there is an administrator. No URL has the code in it, since URLs are kept by many. */
export function setupLines(base: string, tenant: Pick<Tenant, 'slug'>, setup: OpenedSetup): string[] {
  switch (setup.outcome) {
    case 'opened':
      return [
        `Nobody administers this Signet yet. Make the first administrator, until ${rfc3339(setup.expiresAt)}:`,
        `  open   ${base}${pathAt(tenant, '/setup')}`,
        `  code   ${setup.code}`,
      ];
    case 'standing':
      return [
        `Nobody administers this Signet yet. A set-up code was printed before, good until ${rfc3339(setup.expiresAt)};`,
        '"signet setup link" makes another one.',
      ];
    case 'administered':
      return [];
  }
}
