import type { Account } from '@signet/contracts';
import type { Authority, Authorization, ResourceServer } from '@signet/protocol';

/**
 * What the token's subject may do at the resource server that it is for: undefined where that has no permissions, where no scope of it was granted to the
 * client, or where the subject's cannot be known now, which a resource server takes for none. Two such servers in one audience would each read what was given
 * at the other: then nothing is told either.
 */
export async function permissionsOf(
  { client, subject, scopes, audience }: Pick<Authorization, 'client' | 'subject' | 'scopes' | 'audience'>,
  servers: readonly ResourceServer[],
  findAccount: () => Promise<Pick<Account, 'authority'> | undefined>,
): Promise<readonly string[] | undefined> {
  const [server, ...others] = servers.filter(
    ({ identifier, hasPermissions }) => hasPermissions === true && audience.includes(identifier),
  );
  if (server === undefined || others.length > 0) return undefined;
  if (!server.scopes.some((scope) => scopes.includes(scope))) return undefined;
  const authority: Authority | undefined =
    subject.kind === 'account' ? (await findAccount())?.authority : client.authority;
  return authority && (authority.permissions[server.identifier] ?? []);
}
