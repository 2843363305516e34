import { describe, expect, it } from '@jest/globals';
import type { Micros } from '@signet/contracts';
import { loadKeyring, newKeyring } from '@signet/keys';
import { judgeEnd } from './certificate-end.js';
import { judgeCertificate } from './checks/certificate-files.js';
import { judgeShown } from './checks/certificate-shown.js';
import { judgeAhead, judgeDatabaseClock } from './checks/database-clock.js';
import { judgeConnections } from './checks/database-connections.js';
import { judgeMigrations } from './checks/database-migrations.js';
import { judgeOrigin } from './checks/database-origin.js';
import { judgePrivileges } from './checks/database-privileges.js';
import { judgeServer } from './checks/database-server.js';
import { judgeDatabaseTls } from './checks/database-tls.js';
import { judgeInstallation } from './checks/installation.js';
import { judgeIssuerClock } from './checks/issuer-clock.js';
import { judgeDiscovery } from './checks/issuer-discovery.js';
import { judgeHttps } from './checks/issuer-https.js';
import { judgeKeyring } from './checks/keyring-file.js';
import { judgeValues } from './checks/keyring-values.js';
import { judgePermissions } from './checks/nats-permissions.js';
import { judgeStorage } from './checks/nats-storage.js';
import { judgeStream } from './checks/nats-stream.js';
import { judgeNatsTls } from './checks/nats-tls.js';
import { judgeOutbox } from './checks/outbox.js';
import { judgeManaged } from './checks/proxy-management.js';
import { judgeTrust } from './checks/proxy-trust.js';
import type { State, Verdict } from './verdict.js';

const now = Date.UTC(2030, 0, 1);
const days = (count: number) => now + count * 24 * 3_600_000;

const durable = { fsync: 'on', synchronousCommit: 'on', fullPageWrites: 'on' };
const server = (version: number, settings = {}, test = false) =>
  judgeServer({ version, settings: { ...durable, ...settings } }, { test });
const privileges = (facts: Partial<Parameters<typeof judgePrivileges>[0]>) =>
  judgePrivileges({ user: 'signet_token', superuser: false, owner: true, sees: [], ...facts });
const migrations = (facts: Partial<Parameters<typeof judgeMigrations>[0]['migrations']>) =>
  judgeMigrations({ migrations: { pending: [], ahead: 0, fault: undefined, ...facts } });
const overUrl = (url: string, encrypted: boolean, mesh = false) => judgeDatabaseTls({ encrypted }, { url, mesh });
const verified = 'postgres://u:p@db.example/signet?sslmode=verify-full';
const origin = (facts: object) =>
  judgeOrigin({ origin: { copied: false, branched: false, restoredAt: undefined, ...facts } });
const ours = { issuer: 'https://id.example', keys: ['b', 'a'] };
const waiting = (rows: number, oldestSeconds: number, setAside = 0) =>
  judgeOutbox({ outbox: { rows, oldestSeconds, setAside } });
const standard = {
  ...{ differences: [], subjects: ['signet.events.v1.>'], retention: 'limits', storage: 'file', replicas: 1 },
  ...{ current: undefined, messages: 3, bytes: 900, most: undefined, installation: undefined },
};
const stream = (facts: Partial<typeof standard> | object = {}, more = {}) =>
  judgeStream({ stream: { ...standard, ...facts }, refusal: undefined, clustered: false, ...more });
const issuer = 'https://id.example';
const discovery = (facts: object) => judgeDiscovery({ url: issuer, status: 200, fault: undefined, issuer, ...facts });
const https = (facts: object) =>
  judgeHttps({ url: issuer, status: 200, strictTransport: 'max-age=31536000', ...facts });
const keyring = loadKeyring(newKeyring());
const without = loadKeyring({ keys: newKeyring().keys.filter(({ purpose }) => purpose !== 'dpop') });

const cases: [string, () => Verdict | undefined, State | undefined, RegExp][] = [
  [
    'a clock that is right',
    () => judgeDatabaseClock({ clock: { machine: now, postgres: (now * 1_000) as Micros } }),
    'ok',
    /0.0 s/,
  ],
  ['a clock 6 s ahead', () => judgeAhead(6, 'it'), 'warning', /6.0 s ahead of it.*NTP/],
  ['a clock 61 s behind', () => judgeAhead(-61, 'it'), 'fault', /61 s behind it.*NTP/],
  [
    'the clock of a Date header',
    () => judgeIssuerClock({ clock: { machine: now + 900, answered: now } }),
    'ok',
    /0.4 s/,
  ],
  ['no Date header', () => judgeIssuerClock({ clock: undefined }), undefined, /^$/],
  ['PostgreSQL 15', () => server(150_004), 'ok', /15, durable/],
  ['PostgreSQL 14', () => server(140_010), 'fault', /14.*Upgrade/],
  ['fsync off', () => server(170_000, { fsync: 'off' }), 'fault', /fsync off.*Turn it on/],
  ['full_page_writes off', () => server(170_000, { fullPageWrites: 'off' }), 'fault', /full_page_writes off/],
  ['fsync off in a test', () => server(170_000, { fsync: 'off' }, true), 'warning', /fsync off/],
  ['room for two replicas', () => judgeConnections({ connections: { most: 97, open: 40 }, perService: 9 }), 'ok', /97/],
  [
    'room for one replica',
    () => judgeConnections({ connections: { most: 60, open: 10 }, perService: 9 }),
    'warning',
    /max_connections/,
  ],
  [
    'room for none',
    () => judgeConnections({ connections: { most: 40, open: 10 }, perService: 9 }),
    'fault',
    /max_connections/,
  ],
  [
    'hardly a connection left',
    () => judgeConnections({ connections: { most: 200, open: 170 }, perService: 9 }),
    'warning',
    /170 open/,
  ],
  ['a role of its own', () => privileges({}), 'ok', /sees no other/],
  ['a superuser', () => privileges({ superuser: true }), 'warning', /superuser.*role of its own/],
  ['a role that sees others', () => privileges({ sees: ['authn'] }), 'warning', /authn.*revoke/],
  ['a role that does not own its schema', () => privileges({ owner: false }), 'fault', /database prepare/],
  ['no schema', () => privileges({ owner: undefined }), 'fault', /not there.*database prepare/],
  ['every migration', () => migrations({}), 'ok', /as this version/],
  ['newer migrations', () => migrations({ ahead: 2 }), 'ok', /2 steps of a newer version/],
  [
    'pending migrations',
    () => migrations({ pending: ['a', 'b'] }),
    'warning',
    /2 steps are not applied: a, b.*database migrate/,
  ],
  ['a database that is ahead', () => migrations({ fault: 'The database is ahead.' }), 'fault', /ahead.*later one/],
  ['verified TLS', () => overUrl(verified, true), 'ok', /verified/],
  ['plain text on this machine', () => overUrl('postgres://u:p@127.0.0.1/signet', false), 'ok', /this machine/],
  [
    'plain text to another machine',
    () => overUrl('postgres://u:p@db.example/signet', false),
    'fault',
    /db.example.*verify-full/,
  ],
  [
    'TLS that nobody verifies',
    () => overUrl('postgres://u:p@db.example/signet?sslmode=no-verify', true),
    'fault',
    /nobody verifies/,
  ],
  ['plain text under a mesh', () => overUrl('postgres://u:p@db.example/signet', false, true), 'warning', /mesh/],
  ['a database that never was restored', () => origin({}), 'ok', /never/],
  ['a dump that was restored', () => origin({ copied: true }), 'fault', /database restored/],
  ['a failover', () => origin({ branched: true }), 'warning', /--nothing-lost/],
  ['a schema without tables', () => judgeOrigin({ origin: undefined }), undefined, /^$/],
  ['our installation', () => judgeInstallation(ours, ours), 'ok', /id.example/],
  ['nobody’s installation', () => judgeInstallation(undefined, ours), 'ok', /nobody/],
  ['ours, which lacks our next key', () => judgeInstallation(ours, { ...ours, keys: ['c', 'b'] }), 'warning', /anew/],
  [
    'an installation of another issuer',
    () => judgeInstallation({ ...ours, issuer: 'https://x.example' }, ours),
    'fault',
    /x.example.*adopt/,
  ],
  [
    'an installation of another keyring',
    () => judgeInstallation({ ...ours, keys: ['z'] }, ours),
    'fault',
    /another keyring.*adopt/,
  ],
  ['an empty outbox', () => waiting(0, 0), 'ok', /empty/],
  ['an outbox that waits', () => waiting(7, 121), 'warning', /7 events wait, the oldest for 121 s.*audit/],
  ['an outbox with what audit does not take', () => waiting(1, 2, 3), 'warning', /does not take 3.*set-aside/],
  ['an outbox that waits for an hour', () => waiting(10_000, 3_601), 'fault', /10,000 events or more/],
  ['our stream', () => stream(), 'ok', /one copy, 3 messages/],
  ['no stream', () => judgeStream({ stream: undefined, refusal: undefined, clustered: false }), 'warning', /not there/],
  [
    'no JetStream',
    () => stream({}, { refusal: 'NATS runs without JetStream: start it' }),
    'fault',
    /without JetStream.*start it/,
  ],
  ['other subjects', () => stream({ subjects: ['orders.>'] }), 'fault', /orders.*delete it/],
  ['storage in memory', () => stream({ storage: 'memory' }), 'fault', /memory/],
  ['a copy that is behind', () => stream({ replicas: 3, current: 2 }, { clustered: true }), 'warning', /2 of its 3/],
  ['one copy in a cluster', () => stream({}, { clustered: true }), 'warning', /SIGNET_NATS_REPLICAS=3/],
  ['another window of duplicates', () => stream({ differences: ['duplicate_window'] }), 'warning', /duplicate_window/],
  ['a stream without a limit', () => judgeStorage({ stream: standard }), 'ok', /1 MiB/],
  ['a stream at its limit', () => judgeStorage({ stream: { ...standard, most: 1_000 } }), 'warning', /max_bytes/],
  ['a user with permissions', () => judgePermissions({ unbound: false }, { production: true }), 'ok', /held/],
  [
    'a user without, in development',
    () => judgePermissions({ unbound: true }, { production: false }),
    'warning',
    /nats config/,
  ],
  [
    'a user without, in production',
    () => judgePermissions({ unbound: true }, { production: true }),
    'fault',
    /nats config/,
  ],
  ['NATS over TLS', () => judgeNatsTls({ encrypted: true }, { url: 'tls://n.example', mesh: false }), 'ok', /verified/],
  [
    'NATS in plain text',
    () => judgeNatsTls({ encrypted: false }, { url: 'nats://a:b@127.0.0.1,nats://a:b@n.example', mesh: false }),
    'fault',
    /n.example.*tls:/,
  ],
  ['a certificate that is valid for long', () => judgeEnd(days(90), now), 'ok', /2030-04-01/],
  ['a certificate that ends soon', () => judgeEnd(days(5), now), 'warning', /5 days.*Renew/],
  ['a certificate that has ended', () => judgeEnd(days(-1), now), 'fault', /ended on 2029-12-31/],
  ['no certificate', () => judgeCertificate('nothing', now, undefined), 'fault', /no certificate in PEM/],
  [
    'a certificate that is not trusted',
    () => judgeShown({ certificate: { ends: days(90), untrusted: 'SELF_SIGNED' } }, now),
    'fault',
    /SELF_SIGNED.*chain/,
  ],
  ['discovery', () => discovery({}), 'ok', /names this issuer/],
  [
    'discovery of another issuer',
    () => discovery({ issuer: 'https://x.example' }),
    'fault',
    /x.example.*SIGNET_ISSUER/,
  ],
  ['a redirect', () => discovery({ status: 0, fault: 'redirect' }), 'fault', /redirected/],
  ['nobody', () => discovery({ status: 0, fault: 'unreachable' }), 'fault', /nobody answers.*proxy/],
  ['a proxy that changes Host', () => discovery({ status: 421, issuer: undefined }), 'fault', /421.*Host/],
  ['a proxy without a service', () => discovery({ status: 502, issuer: undefined }), 'fault', /502.*token runs/],
  ['a page of something else', () => discovery({ issuer: undefined }), 'fault', /not discovery/],
  ['https', () => https({}), 'ok', /Strict/],
  ['https without HSTS', () => https({ strictTransport: undefined }), 'warning', /without Strict/],
  ['HSTS that ends it', () => https({ strictTransport: 'max-age=0' }), 'warning', /without Strict/],
  ['http', () => https({ url: 'http://id.example' }), 'fault', /http/],
  ['a loopback issuer', () => https({ url: 'http://localhost:3000' }), 'ok', /development/],
  ['no management at the issuer', () => judgeManaged({ status: 200, managed: [] }), 'ok', /nothing/],
  [
    'metrics at the issuer',
    () => judgeManaged({ status: 200, managed: ['/metrics'] }),
    'fault',
    /metrics answer to everybody/,
  ],
  ['a proxy that is trusted', () => judgeTrust({ status: 200, proxy: 'nginx' }, ['10.0.0.1']), 'ok', /10.0.0.1 alone/],
  ['a proxy that is not', () => judgeTrust({ status: 200, proxy: 'nginx' }, []), 'warning', /nginx/],
  [
    'everybody trusted',
    () => judgeTrust({ status: 200, proxy: undefined }, ['0.0.0.0/0', '::/0']),
    'fault',
    /0.0.0.0\/0, ::\/0/,
  ],
  ['a keyring', () => judgeKeyring({ path: 'k' }, keyring, 0o100600), 'ok', /each purpose/],
  [
    'a keyring that others may read',
    () => judgeKeyring({ path: 'k' }, keyring, 0o100644),
    'warning',
    /mode 644.*chmod 600 k/,
  ],
  ['a keyring in the environment', () => judgeKeyring({ json: '{}' }, keyring, undefined), 'warning', /environment/],
  [
    'a keyring without a purpose',
    () => judgeKeyring({ path: 'k' }, without, 0o100600),
    'fault',
    /dpop.*keyring complete/,
  ],
  ['values that open', () => judgeValues({ values: 9, unreadable: 0, whole: true }), 'ok', /9 sealed values/],
  [
    'values that do not',
    () => judgeValues({ values: 9, unreadable: 2, whole: false }),
    'fault',
    /2 of the first 9.*keyring status/,
  ],
];

describe('the judgement of', () => {
  it.each(cases)('%s', (_, judge, state, text) => {
    const verdict = judge();
    expect(verdict?.state).toBe(state);
    expect([verdict?.found, verdict?.advice].filter(Boolean).join(' ')).toMatch(text);
    expect(verdict?.advice === undefined).toBe(verdict === undefined || verdict.state === 'ok');
  });
});
