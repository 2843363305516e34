import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseEnv, promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@signet/contracts';
import * as openid from 'openid-client';
import { RelyingParty, root, trustingFetch, until } from '../../src/index.js';

interface ComposeProject {
  readonly composeWords: (...words: string[]) => string[];
}
const project = pathToFileURL(path.join(root, 'tools/containers/compose-project.mjs')).href;
const { composeWords } = (await import(project)) as ComposeProject;

const run = promisify(execFile);
const docker = async (...words: string[]) => (await run('docker', words, { maxBuffer: 2 ** 26 })).stdout.trim();
const compose = (...words: string[]) => docker(...composeWords(...words));
const inside = (service: string, ...words: string[]) => compose('exec', '--no-TTY', service, ...words);
const containersOf = async (service: string) => (await compose('ps', '--quiet', service)).split('\n').filter(Boolean);

/** What docker-compose.yml and signet.yaml say. */
const issuer = 'https://localhost:8443';
const redirectUri = 'http://localhost:3001/callback';
const alice = { username: 'alice', password: 'wonderland' };
const prometheus = 'http://localhost:9090/api/v1';
const grafana = 'http://localhost:3030/api';

const fetchFromEdge = trustingFetch(path.join(root, '.data/compose/mounted/tls/ca.pem'));
afterAll(() => {
  fetchFromEdge.close();
});
const partyOf = (client: string, secret: string) =>
  RelyingParty.discover(issuer, client, openid.ClientSecretBasic(secret), fetchFromEdge);

it('everything is healthy, and a person signs in by an authority that is trusted', async () => {
  const reached = () => fetchFromEdge(`${issuer}/.well-known/openid-configuration`);
  await until('the edge', async () => ((await reached()).status === 200 ? true : undefined), 180);
  for (const service of [...serviceNames, 'postgres', 'nats', 'prometheus', 'grafana'])
    for (const id of await containersOf(service))
      await until(`${service} to be healthy`, async () => {
        const state = await docker('inspect', '--format', '{{.State.Health.Status}}', id);
        return state === 'healthy' ? true : undefined;
      });
  const party = await partyOf('demo', 'demo-secret');
  const { url, redeem } = await party.begin({ redirect_uri: redirectUri });
  const tokens = await redeem(await party.newAgent().authorize(url, alice));
  const { sub = '' } = tokens.claims() ?? {};
  expect(await openid.fetchUserInfo(party.config, tokens.access_token, sub)).toMatchObject({ name: 'Alice Example' });
  expect((await openid.refreshTokenGrant(party.config, tokens.refresh_token ?? '')).access_token).toBeTruthy();
}, 300_000);

it('the command line reaches all of it, the issuer by the name that a browser has for it', async () => {
  const said = await compose('run', '--rm', '--no-TTY', 'tools', 'doctor', '--json');
  const { findings } = JSON.parse(said) as { findings: { check: string; state: string }[] };
  expect(findings.filter(({ state }) => state === 'fault')).toEqual([]);
  expect(findings).toContainEqual(expect.objectContaining({ check: 'issuer.discovery', state: 'ok' }));
}, 60_000);

describe('each container', () => {
  it('writes to no image, and has no capability', async () => {
    const ids = (await compose('ps', '--all', '--quiet')).split('\n');
    const found = JSON.parse(await docker('inspect', ...ids)) as { HostConfig: Record<string, unknown> }[];
    expect(found).toHaveLength(13);
    for (const { HostConfig: host } of found) {
      expect(host).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'], Privileged: false });
      expect(host['SecurityOpt']).toEqual(['no-new-privileges:true']);
    }
  });

  it.each(serviceNames)('of %s runs node as an ordinary user, and no shell', async (service) => {
    for (const id of await containersOf(service)) {
      const [container] = JSON.parse(await docker('inspect', id)) as { Config: Record<string, unknown> }[];
      expect(container?.Config).toMatchObject({
        User: '1000:1000',
        Entrypoint: ['node', '/signet/apps/signet/bin/signet.cjs'],
        Cmd: ['serve', service],
      });
      const [, ...processes] = (await docker('top', id, '-eo', 'pid,uid,args')).split('\n');
      expect(processes.length).toBeGreaterThan(0);
      for (const line of processes) expect(line.trim()).toMatch(/^\d+\s+1000\s+node /);
    }
  });

  it('holds what it is made of', async () => {
    const text = await inside('token', 'node', '-p', "require('node:fs').readFileSync('/sbom.cdx.json', 'utf8')");
    expect(JSON.parse(text)).toMatchObject({ bomFormat: 'CycloneDX' });
  });
});

describe('inside', () => {
  it('nobody speaks to Postgres in plain text', async () => {
    const query =
      'select count(*), bool_and(ssl) from pg_stat_ssl join pg_stat_activity using (pid) where client_addr is not null';
    const [count, all] = (await inside('postgres', 'psql', '-U', 'postgres', '-d', 'signet', '-Atc', query)).split('|');
    expect(Number(count)).toBeGreaterThan(5);
    expect(all).toBe('t');
  });

  it('the management port is not to be reached from where the public one is', async () => {
    await inside('nats', 'nc', '-z', '-w', '2', 'token', '3000');
    await expect(inside('nats', 'nc', '-z', '-w', '2', 'token', '3010')).rejects.toThrow();
  });
});

const json = async (url: string, headers: Record<string, string> = {}): Promise<unknown> =>
  (await fetch(url, { headers })).json();

describe('Prometheus', () => {
  it('has every replica up, in the job that alerts look at, and our rules', async () => {
    await until('six targets', async () => {
      const { data } = (await json(`${prometheus}/targets?state=active`)) as {
        data: { activeTargets: { health: string; labels: { job: string } }[] };
      };
      const up = data.activeTargets.filter(({ health, labels }) => health === 'up' && labels.job === 'signet');
      return up.length === serviceNames.length + 1 && data.activeTargets.length === up.length ? true : undefined;
    });
    const { data } = (await json(`${prometheus}/rules`)) as { data: { groups: { name: string }[] } };
    expect(data.groups.map(({ name }) => name).sort()).toEqual(['signet-alerts', 'signet-objectives']);
  }, 60_000);
});

describe('Grafana', () => {
  it('has our dashboard and Prometheus for who knows the password, and nothing for others', async () => {
    const given = parseEnv(readFileSync(path.join(root, '.data/compose/grafana.env'), 'utf8'));
    const password = given['GF_SECURITY_ADMIN_PASSWORD'] ?? '';
    const headers = { Authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}` };
    const ours = JSON.parse(readFileSync(path.join(root, 'k8s/monitoring/signet-dashboard.json'), 'utf8')) as object;
    const shown = await until('the dashboard', async () => {
      const found = (await json(`${grafana}/dashboards/uid/signet`, headers)) as { dashboard?: { title: string } };
      return found.dashboard;
    });
    expect(ours).toMatchObject({ title: shown.title });
    expect(await json(`${grafana}/datasources/uid/prometheus/health`, headers)).toMatchObject({ status: 'OK' });
    expect((await fetch(`${grafana}/dashboards/uid/signet`)).status).toBe(401);
  }, 60_000);
});

describe('a replica of token that is restarted', () => {
  it('costs no request', async () => {
    const party = await partyOf('demo-service', 'demo-service-secret');
    const [replica = '', other] = await containersOf('token');
    expect(other).toBeDefined();
    let [ended, issued] = [false, 0];
    const restarted = docker('restart', '-t', '60', replica).finally(() => {
      ended = true;
    });
    const ask = async () => {
      while (!ended) {
        await openid.clientCredentialsGrant(party.config, { scope: 'demo:read' });
        issued++;
      }
    };
    const outcomes = await Promise.allSettled([restarted, ask(), ask(), ask()]);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(issued).toBeGreaterThan(10);
  }, 120_000);
});
