import type { Client } from './client.js';
import type { Digests } from './digests.js';
import { isLoopbackHost, webHostOf } from './redirect-uri.js';

/** Of an account, what its subjects are made of. */
export interface SubjectSource {
  /** What clients of the subject type `public` see. */
  readonly sub: string;
  /** Random, of this account alone, and told to nobody: without it nobody can say which pairwise subjects are of one account. */
  readonly pairwiseSeed: string;
}

/**
 * Of redirect URIs, where subjects are sent: each host once, and undefined for what stays on the person's own device. Section
 * 8.1 speaks of the host component, so they have no port. A private-use scheme has no host, and loopback is one for every
 * native client there is.
 */
export const hostsOf = (redirectUris: readonly string[]): readonly (string | undefined)[] => [
  ...new Set(redirectUris.map(webHostOf).map((host) => (host && isLoopbackHost(host) ? undefined : host))),
];

/**
 * OpenID Connect Core 1.0 section 8.1: the host of sector_identifier_uri, else the one host of all redirect URIs. Undefined
 * where there is none, and where there are several, as a pairwise client may not be registered.
 */
export const sectorOf = ({
  sectorIdentifierUri,
  redirectUris,
}: Pick<Client, 'sectorIdentifierUri' | 'redirectUris'>): string | undefined => {
  if (sectorIdentifierUri !== undefined) return webHostOf(sectorIdentifierUri);
  const [host, ...others] = hostsOf(redirectUris);
  return others.length === 0 ? host : undefined;
};

/**
 * What a client sees of an account: its `sub`, or for a pairwise client an identifier of the account and the client's
 * sector (section 8.1), from which neither the account nor its identifier in any other sector can be found.
 */
export const subjectFor = (
  account: SubjectSource,
  client: Pick<Client, 'clientId' | 'subjectType' | 'sectorIdentifierUri' | 'redirectUris'>,
  digests: Pick<Digests, 'sha256'>,
): string => {
  if (client.subjectType !== 'pairwise') return account.sub;
  // A client whose sector cannot be told shares one with nobody. No host has a space in it.
  const sector = sectorOf(client) ?? `client ${client.clientId}`;
  // The seed has one length and comes last, so that no two pairs of sector and seed make one text.
  return digests.sha256(`pairwise\n${sector}\n${account.pairwiseSeed}`);
};
