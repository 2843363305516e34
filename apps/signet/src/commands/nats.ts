import { serviceNames, type Principal } from '@signet/contracts';
import { natsAccountsConfig, natsServerConfig, type NatsServerConfigOptions } from '@signet/messaging';
import { consumersSetting } from '@signet/service';
import { command, CommandFailed, required, type CommandContext } from '../command.js';

const principals: readonly Principal[] = [...serviceNames, 'operator'];

export const natsConfig = command({
  words: ['nats', 'config'],
  summary:
    'Prints a nats-server configuration: a user for each service, with the passwords of NATS_URL_<SERVICE>, allowed what it needs; and for each consumer of SIGNET_AUDIT_CONSUMERS, with NATS_PASSWORD_<NAME>. With --accounts only these, for the configuration of a server that includes them.',
  usage:
    '[--accounts | [--host ADDRESS] [--port N] [--jetstream-dir DIR] [--tls-cert FILE --tls-key FILE [--tls-ca FILE]]]',
  options: {
    accounts: { type: 'boolean' },
    host: { type: 'string' },
    port: { type: 'string' },
    'jetstream-dir': { type: 'string' },
    'tls-cert': { type: 'string' },
    'tls-key': { type: 'string' },
    'tls-ca': { type: 'string' },
  },
  run: (values, context) => {
    const port = Number(values.port ?? '4222');
    if (!Number.isInteger(port) || port < -1 || port > 65_535) throw new CommandFailed('--port is a port number');
    const users = principals.map((principal) => {
      const variable = `NATS_URL_${principal.toUpperCase()}`;
      const { password } = new URL(required(context, variable, `nats://${principal}:<password>@<host>:<port>`));
      if (password === '') throw new CommandFailed(`${variable} holds no password`);
      return [principal, { password: decodeURIComponent(password) }] as const;
    });
    const who = { services: Object.fromEntries(users), consumers: consumersOf(context) };
    if (values.accounts && Object.keys(values).length > 1)
      throw new CommandFailed('--accounts prints nothing of the server, and takes no other option');
    const text = values.accounts
      ? natsAccountsConfig(who)
      : natsServerConfig({
          ...who,
          ...(values.host !== undefined && { host: values.host }),
          port,
          jetstreamDir: values['jetstream-dir'] ?? 'jetstream',
          ...tlsOf(values),
        });
    context.out(text.trimEnd());
    return Promise.resolve();
  },
});

/** Files of the nats-server's machine: nothing of them is read here. */
function tlsOf(values: {
  readonly 'tls-cert'?: string | undefined;
  readonly 'tls-key'?: string | undefined;
  readonly 'tls-ca'?: string | undefined;
}): Pick<NatsServerConfigOptions, 'tls'> {
  const { 'tls-cert': certFile, 'tls-key': keyFile, 'tls-ca': caFile } = values;
  if (certFile === undefined && keyFile === undefined && caFile === undefined) return {};
  if (certFile === undefined || keyFile === undefined)
    throw new CommandFailed('--tls-cert and --tls-key belong together, and --tls-ca to both');
  return { tls: { certFile, keyFile, ...(caFile !== undefined && { caFile }) } };
}

/** Consumers by their names, each with its password. */
function consumersOf(context: CommandContext): Record<string, { password: string }> {
  const named = consumersSetting.safeParse(context.environment['SIGNET_AUDIT_CONSUMERS'] ?? '');
  if (!named.success) throw new CommandFailed('SIGNET_AUDIT_CONSUMERS must be name=tenant, several comma-separated');
  return Object.fromEntries(
    named.data.map(({ name }) => [name, { password: consumerPassword(context, name) }] as const),
  );
}

export const consumerPassword = (context: CommandContext, name: string): string =>
  required(
    context,
    `NATS_PASSWORD_${name.toUpperCase().replaceAll('-', '_')}`,
    `the password of the NATS user consumer-${name}`,
  );
