import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serviceNames, type ServiceName } from '@signet/contracts';
import pg from 'pg';
import { freePort, throwawayNats, type ThrowawayServer } from '@signet/testing';
import { InnerTls } from './inner-tls.js';
import { writeNginxConfiguration } from './nginx.js';
import { ownDatabase, passwordOfAll, sharedDatabase, type PlaneDatabase } from './plane-database.js';
import { Program, root, signet, until } from './programs.js';
import { trustingFetch } from './trusting-fetch.js';

export type Form = 'one process' | 'five processes';
export const forms: readonly Form[] = ['one process', 'five processes'];

export interface PlaneOptions {
  readonly form: Form;
  /** Serves https with these PEM files; `ca` is the authority to trust. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca: string };
  /** Postgres, its own, and NATS let nobody in without TLS and a certificate. */
  readonly innerTls?: boolean;
  /** Further environment of every process. */
  readonly env?: Readonly<Record<string, string>>;
  /** A signet.yaml; the repository's own where absent. */
  readonly configuration?: string;
  /** Runs each service's own main.js, rather than the same out of the one script. */
  readonly mains?: boolean;
  /** In five processes: how many of a service; two of token and one of each other where absent. */
  readonly replicas?: Readonly<Partial<Record<ServiceName, number>>>;
  /** Its parts can be told at which failpoint to die. */
  readonly failpoints?: boolean;
  /** One in the PostgreSQL of the run where absent; it ends with the plane. */
  readonly database?: PlaneDatabase;
}

/** One running process of Signet, and how it is started again. */
export interface Part {
  readonly name: string;
  readonly services: readonly ServiceName[];
  /** Its own origin, past the proxy. */
  readonly origin: string;
  readonly management: string;
  program: Program;
  start(): Promise<void>;
  /** It dies where it comes to this failpoint, which may be at what it does by itself; started again it does not. */
  dieAt(failpoint: string): void;
}

const natsConfigOf = (port: number, streams: string, tls: InnerTls | undefined): string[] => [
  ...['nats', 'config', '--port', String(port), '--jetstream-dir', streams],
  ...(tls?.natsOptions ?? []),
];

const principals = [...serviceNames, 'operator'];

/** The built Signet on a Postgres and a NATS of its own, in one process or in five (with replicas) behind nginx. */
export class Plane {
  readonly parts: Part[] = [];
  nginx: Program | undefined;

  private constructor(
    readonly options: PlaneOptions,
    readonly issuer: string,
    readonly directory: string,
    readonly database: PlaneDatabase,
    public nats: ThrowawayServer,
    /** What every process is told. */
    readonly env: Readonly<Record<string, string>>,
    /** Where it was asked for. */
    readonly innerTls: InnerTls | undefined,
  ) {}

  static async start(options: PlaneOptions): Promise<Plane> {
    const directory = mkdtempSync(path.join(tmpdir(), 'signet-e2e-'));
    const innerTls = options.innerTls === true ? await InnerTls.make(path.join(directory, 'tls')) : undefined;
    const [database, port, natsPort] = await Promise.all([
      options.database ?? (innerTls ? ownDatabase(innerTls) : sharedDatabase()),
      freePort(),
      freePort(),
    ]);
    const issuer = `${options.tls ? 'https' : 'http'}://localhost:${port}`;
    const natsUrls = Object.fromEntries(
      principals.map((name) => [
        `NATS_URL_${name.toUpperCase()}`,
        `${innerTls ? 'tls' : 'nats'}://${name}:${passwordOfAll}@127.0.0.1:${natsPort}`,
      ]),
    );
    const streams = path.join(directory, 'streams');
    const config = await signet(natsConfigOf(natsPort, streams, innerTls), natsUrls);
    const nats = await throwawayNats({ config, port: natsPort });
    const keyring = path.join(directory, 'keyring.json');
    await signet(['keyring', 'create', '--file', keyring], {});
    const env = {
      ...natsUrls,
      ...database.serviceUrls,
      SIGNET_ISSUER: issuer,
      SIGNET_KEYRING: keyring,
      SIGNET_DATA: directory,
      SIGNET_TEST: '1',
      SIGNET_DRAIN: '0',
      SIGNET_GUESSING: 'off',
      SIGNET_RATE_LIMITS: 'off',
      ...innerTls?.env,
      ...options.env,
    };
    const plane = new Plane(options, issuer, directory, database, nats, env, innerTls);
    try {
      await (options.form === 'one process' ? plane.startOne(port) : plane.startFive(port));
    } catch (error) {
      await plane.stop();
      throw error;
    }
    return plane;
  }

  /** The part that runs a service; `replica` counts from 0. */
  part(service: ServiceName, replica = 0): Part {
    const found = this.parts.filter(({ services }) => services.includes(service))[replica];
    if (!found) throw new Error(`no replica ${replica} of ${service}`);
    return found;
  }

  /** The `signet` command, as an operator of this plane. */
  signet(...args: string[]): Promise<string> {
    return signet(args, this.env);
  }

  /** Looks into its database, or changes it, past every service. */
  async query<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: this.database.url });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  /** Stops NATS; `wipe` takes its storage away as well. Its port stays its own. */
  async restartNats({ wipe = false } = {}): Promise<void> {
    const port = Number(new URL(this.nats.url).port);
    await this.nats.stop();
    if (wipe) rmSync(path.join(this.directory, 'streams'), { recursive: true, force: true });
    this.nats = await throwawayNats({ config: await this.natsConfiguration(port), port });
  }

  async startNatsAgain(): Promise<void> {
    const port = Number(new URL(this.nats.url).port);
    this.nats = await throwawayNats({ config: await this.natsConfiguration(port), port });
  }

  async stop(): Promise<void> {
    await this.nginx?.stop();
    await Promise.all(this.parts.map(({ program }) => program.stop()));
    await this.nats.stop();
    await this.database.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private natsConfiguration(port: number): Promise<string> {
    return this.signet(...natsConfigOf(port, path.join(this.directory, 'streams'), this.innerTls));
  }

  private get configuration(): string {
    return this.options.configuration ?? path.join(root, 'signet.yaml');
  }

  private async startOne(port: number): Promise<void> {
    const { tls } = this.options;
    await this.add('signet', serviceNames, ['apps/signet/bin/one-process.cjs'], port, {
      SIGNET_CONFIG: this.configuration,
      ...(tls && { SIGNET_TLS_CERT: tls.cert, SIGNET_TLS_KEY: tls.key }),
    });
  }

  private async startFive(port: number): Promise<void> {
    const replicas: PlaneOptions['replicas'] = { token: 2, ...this.options.replicas };
    const names = serviceNames.flatMap((name) => Array<ServiceName>(replicas[name] ?? 1).fill(name));
    const ports = await Promise.all(names.map(() => freePort()));
    const behind = { SIGNET_TRUSTED_PROXIES: '127.0.0.1' };
    // One replica of token first: both would migrate, which waits, and two at once prove nothing here.
    await Promise.all(
      names.map((name, index) =>
        this.add(
          `${name}-${index}`,
          [name],
          this.options.mains
            ? ['--enable-source-maps', `apps/${name}/dist/main.js`]
            : ['apps/signet/bin/signet.cjs', 'serve', name],
          ports[index] ?? 0,
          behind,
        ),
      ),
    );
    await this.signet('apply', '--config', this.configuration);
    const upstreams = Object.fromEntries(
      serviceNames.map((name) => [name, ports.filter((_, index) => names[index] === name)]),
    ) as Record<ServiceName, number[]>;
    const { tls, directory } = { ...this.options, directory: path.join(this.directory, 'nginx') };
    const file = writeNginxConfiguration({ directory, port, upstreams, tls });
    this.nginx = new Program(
      'nginx',
      'nginx',
      ['-c', file, '-e', path.join(directory, 'error.log')],
      {},
      `${directory}.log`,
    );
    const get = tls ? trustingFetch(tls.ca) : fetch;
    await until('nginx', async () => (await get(`${this.issuer}/jwks`)).status);
  }

  private async add(
    name: string,
    services: readonly ServiceName[],
    args: readonly string[],
    port: number,
    env: Readonly<Record<string, string>>,
  ): Promise<void> {
    const managementPort = await freePort();
    const management = `http://127.0.0.1:${managementPort}`;
    const failpoint = path.join(this.directory, `${name}.failpoint`);
    const launch = () =>
      new Program(
        name,
        process.execPath,
        args,
        {
          ...{ ...this.env, ...env, PORT: String(port), SIGNET_MANAGEMENT_PORT: String(managementPort) },
          ...(this.options.failpoints === true && { SIGNET_FAILPOINT: `@${failpoint}` }),
        },
        path.join(this.directory, `${name}.log`),
      );
    const ready = async (part: Part) => {
      const probe = async () => !part.program.running || (await fetch(`${management}/readyz`)).ok || undefined;
      await until(`${name} to be ready`, probe, 60).catch((error: unknown) => {
        throw new Error(readFileSync(part.program.log, 'utf8').slice(-2_000), { cause: error });
      });
      if (!part.program.running)
        throw new Error(`${name} ended: ${readFileSync(part.program.log, 'utf8').slice(-2_000)}`);
    };
    const part: Part = {
      name,
      services,
      origin: `${this.options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
      management,
      program: launch(),
      dieAt: (point) => {
        if (this.options.failpoints !== true) throw new TypeError('the plane has no failpoints');
        writeFileSync(`${failpoint}.new`, point);
        renameSync(`${failpoint}.new`, failpoint);
      },
      start: async () => {
        rmSync(failpoint, { force: true });
        part.program = launch();
        await ready(part);
      },
    };
    this.parts.push(part);
    await ready(part);
  }
}
