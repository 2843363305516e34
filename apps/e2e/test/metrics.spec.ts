import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@signet/contracts';
import { Plane, RawClient, root, secrets, twinTenants, until, UserAgent } from '../src/index.js';

interface Metric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** Prometheus' text format, as far as names, types and labels go. */
function exposed(text: string): Metric[] {
  return [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\S+)\n((?:[^#\n].*\n?)*)/gm)].map(
    ([, name = '', help = '', type = '', samples = '']) => ({
      ...{ name, help, type },
      labels: [...new Set([...samples.matchAll(/[{,](\w+)="/g)].map(([, label = '']) => label))].filter(
        (label) => label !== 'le',
      ),
    }),
  );
}

/** The table of docs/operations/metrics.md. */
function documented(): Metric[] {
  const page = readFileSync(path.join(root, 'docs/operations/metrics.md'), 'utf8');
  return [...page.matchAll(/^\| `(\w+)` +\| (\w+) +\| (.*?) *\| (.*?) *\|$/gm)].map(
    ([, name = '', type = '', labels = '', help = '']) => ({
      ...{ name, type, help },
      labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label),
    }),
  );
}

describe('/metrics', () => {
  let plane: Plane;
  let text: string;

  beforeAll(async () => {
    plane = await Plane.start({ form: 'one process', configuration: twinTenants() });
    const client = new RawClient(plane.issuer, 'default', 'demo', secrets.demo);
    const { access_token: token } = await client.signInForTokens();
    await client.revoke(token);
    await client.refresh('nonsense');
    await new UserAgent(plane.issuer).open(`${plane.issuer}/authorize?client_id=canary-of-a-label`);
    await client.token({ grant_type: 'canary-of-a-label' });
    await fetch(`${plane.issuer}/canary-of-a-label`);
    await fetch(`${plane.issuer}/token/t/canary-of-a-label`, { method: 'POST' });
    text = await (await fetch(`${plane.part('token').management}/metrics`)).text();
  }, 120_000);
  afterAll(() => plane.stop());

  const ours = (metrics: readonly Metric[]) => metrics.filter(({ name }) => name.startsWith('signet_'));
  const withoutLabels = ({ name, type, help }: Metric) => ({ name, type, help });

  it('has each metric that the documentation has, with its type and meaning, and no other', () => {
    const said = ours(documented()).map(withoutLabels);
    expect(said.length).toBeGreaterThan(40);
    expect(ours(exposed(text)).map(withoutLabels).sort(byName)).toEqual(said.sort(byName));
  });

  it('has labels that the documentation has, and none from a request', () => {
    const said = new Map(documented().map(({ name, labels }) => [name, labels]));
    for (const { name, labels } of ours(exposed(text)))
      expect([name, labels.filter((label) => !(said.get(name) ?? []).includes(label))]).toEqual([name, []]);
    expect(text).not.toContain('canary');
  });

  it('has at 0 what an alert looks for the increase of, since a series that begins at 1 has none', () => {
    const atZero = (name: string) =>
      [...text.matchAll(new RegExp(`^${name}\\{(.*)\\} 0$`, 'gm'))].map(([, labels = '']) =>
        Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', value]) => [label, value])),
      );
    const denied = serviceNames.flatMap((service) =>
      ['publish', 'subscription'].map((operation) => ({ service, operation })),
    );
    const buried = [
      ...['authn', 'token', 'session', 'audit'].map((consumer) => ({ service: consumer, consumer })),
      { service: 'session', consumer: 'session-revocations' },
    ];
    const refused = [
      ...['too_large', 'not_json', 'not_an_event', 'foreign_id', 'foreign_name', 'malformed_personal_part'],
      ...['foreign_aggregate', 'not_storable', 'version_taken'],
    ].map((reason) => ({ service: 'audit', reason }));
    for (const [name, expected] of [
      ['signet_nats_denied_total', denied],
      ['signet_dead_letters_total', buried],
      ['signet_audit_events_refused_total', refused],
    ] as const) {
      const found = atZero(name);
      expect([name, found.length]).toEqual([name, expected.length]);
      expect(found).toEqual(expect.arrayContaining([...expected]));
    }
  });

  it('counts tokens by grant type and by what came of it', () => {
    const count = (grant: string, result: string) =>
      new RegExp(
        `^signet_token_request_seconds_count\\{(?=[^}]*grant_type="${grant}")(?=[^}]*result="${result}")[^}]*\\} 1$`,
        'm',
      );
    expect(text).toMatch(count('authorization_code', 'issued'));
    expect(text).toMatch(count('refresh_token', 'invalid_grant'));
    expect(text).toMatch(count('none', 'unsupported_grant_type'));
  });

  it('has what Postgres is asked for by the clock', async () => {
    const asked = /^signet_database_statements_total\{[^}]*statement="audit\.tree\.lag"[^}]*\} (\d+)$/m;
    await until('the second reading of how far the log is behind', async () => {
      const now = await (await fetch(`${plane.part('audit').management}/metrics`)).text();
      return Number(asked.exec(now)?.[1] ?? 0) > 1 || undefined;
    });
    expect(readFileSync(plane.part('audit').program.log, 'utf8')).not.toMatch(/log_lag\.unread|outbox_unmeasured/);
  });

  it('tells of the seams at which a plane stops', () => {
    for (const [name, labels, value] of [
      ['signet_nats_up', 'service="session"', '1'],
      ['signet_audit_writing', '', '1'],
      ['signet_hasher_wait_seconds_count', '', '[1-9]\\d*'],
      ['signet_request_sending_seconds_count', 'subject="signet.rpc.token.v1.grant.issue"', '[1-9]\\d*'],
      ['signet_consumer_events_total', 'consumer="audit"', '[1-9]\\d*'],
      ['signet_floor_poll_age_seconds', '', '0\\.\\d+'],
    ] as const)
      expect(text).toMatch(new RegExp(`^${name}(?:\\{[^}]*${labels}[^}]*\\})? ${value}$`, 'm'));
  });
});

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
