import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Plane } from './plane.js';
import { callback } from './twin-tenants.js';
import { UserAgent, type Person } from './user-agent.js';

/** A signet.yaml with tenants that nobody administers, each with one public client. */
export function unadministered(slugs: readonly string[]): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'signet-e2e-')), 'signet.yaml');
  const client = {
    ...{ client_id: 'app', client_name: 'App', token_endpoint_auth_method: 'none', consent: 'first_party' },
    ...{ redirect_uris: [callback], grant_types: ['authorization_code'], scope: 'openid' },
  };
  const tenants = slugs.map((slug) => ({ slug, name: slug === 'default' ? 'Signet' : slug, clients: [client] }));
  writeFileSync(file, JSON.stringify({ tenants }, undefined, 2));
  return file;
}

export interface SetUp {
  readonly url: string;
  readonly code: string;
}

/** What the operator is told, by a start or by the command. */
export function setUpOf(printed: string): SetUp | undefined {
  const url = /^ +open +(\S+)$/m.exec(printed)?.[1];
  const code = /^ +code +(\S+)$/m.exec(printed)?.[1];
  return url !== undefined && code !== undefined ? { url, code } : undefined;
}

export async function openSetUp(plane: Plane, slug = 'default'): Promise<SetUp> {
  const printed = await plane.signet('setup', 'link', '--tenant', slug);
  const setUp = setUpOf(printed);
  if (!setUp) throw new Error(`no code was printed: ${printed}`);
  return setUp;
}

/** Whether somebody signs in at the tenant's client. */
export async function signsIn(plane: Plane, slug: string, person: Person): Promise<boolean> {
  const query = new URLSearchParams({
    ...{ client_id: 'app', redirect_uri: callback, response_type: 'code', scope: 'openid' },
    ...{ code_challenge: `${'c'.repeat(42)}A`, code_challenge_method: 'S256' },
  });
  const authorize = slug === 'default' ? '/authorize' : `/authorize/t/${slug}`;
  const agent = new UserAgent(plane.issuer);
  const { left } = await agent.answer(`${plane.issuer}${authorize}?${query.toString()}`, person);
  return left?.searchParams.has('code') === true;
}
