import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newAuthority } from '@signet/testing';

/** PEM texts, as PostgreSQL is given them. */
export interface ServerTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Certificates of Postgres and NATS, and of whoever connects to them, all of one authority: files in a directory. */
export class InnerTls {
  #server: ServerTls = { ca: '', cert: '', key: '' };

  private constructor(private readonly directory: string) {}

  static async make(directory: string): Promise<InnerTls> {
    mkdirSync(directory, { recursive: true });
    const tls = new InnerTls(directory);
    await tls.renew();
    return tls;
  }

  /** Another authority, and everything by it, in the same files. Servers take them up when they start again. */
  async renew(): Promise<void> {
    const authority = await newAuthority({ name: 'Signet test', days: 1 });
    const server = await authority.issue({ names: ['localhost', '127.0.0.1'] });
    const client = await authority.issue({ names: ['signet'], uses: ['client'] });
    this.#server = { ca: authority.ca, ...server };
    const texts = { ca: authority.ca, server: server.cert, 'server-key': server.key };
    const all = { ...texts, client: client.cert, 'client-key': client.key };
    for (const [name, text] of Object.entries(all)) {
      writeFileSync(`${this.file(name)}.new`, text, { mode: 0o600 });
      renameSync(`${this.file(name)}.new`, this.file(name));
    }
  }

  get server(): ServerTls {
    return this.#server;
  }

  /** Options of `signet nats config`. */
  get natsOptions(): readonly string[] {
    const { file } = this;
    return ['--tls-cert', file('server'), '--tls-key', file('server-key'), '--tls-ca', file('ca')];
  }

  /** What each process of Signet is told, beside its URLs. */
  get env(): Readonly<Record<string, string>> {
    const { file } = this;
    return { SIGNET_NATS_CA: file('ca'), SIGNET_NATS_CERT: file('client'), SIGNET_NATS_KEY: file('client-key') };
  }

  databaseUrl(url: string): string {
    const changed = new URL(url);
    const { file } = this;
    const parameters = { sslmode: 'verify-full', sslrootcert: file('ca'), sslcert: file('client') };
    for (const [name, value] of Object.entries({ ...parameters, sslkey: file('client-key') }))
      changed.searchParams.set(name, value);
    return changed.href;
  }

  private readonly file = (name: string): string => path.join(this.directory, `${name}.pem`);
}
