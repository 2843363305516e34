import type { DeclaredTenant } from '@signet/contracts';
import type { StoredTenant } from '../stored-state.js';
import { below, type Fault } from './fault.js';

/**
 * Permissions that no access token would tell: it tells them to clients that were granted a scope of their resource server
 * (ADR 0012). Not for objects that are declared one by one, of which the resource server comes before its scopes.
 */
export function untoldPermissions(
  declared: readonly DeclaredTenant[],
  stored: ReadonlyMap<string, Pick<StoredTenant, 'scopes'>>,
): Fault[] {
  return declared.flatMap(({ slug, scopes, resourceServers }) => {
    const kept = [...(stored.get(slug)?.scopes.values() ?? [])].filter((scope) =>
      scopes.every(({ name }) => name !== scope.name),
    );
    const reached = new Set([...scopes, ...kept].map(({ resourceServer }) => resourceServer));
    return below(
      ['tenants', slug, 'resourceServers'],
      resourceServers
        .filter(({ identifier, permissions }) => permissions.length > 0 && !reached.has(identifier))
        .map(({ identifier }) => ({
          path: [identifier, 'permissions'],
          message: 'would be told by no token: the resource server has no scope',
        })),
    );
  });
}
