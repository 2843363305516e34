import { connectNats, MeshError, Requester, type NatsTlsFiles } from '@signet/messaging';
import { CommandFailed, required, type CommandContext } from './command.js';

export interface NatsServer {
  readonly url: string;
  readonly tls: NatsTlsFiles | undefined;
}

const operatorName = { service: 'operator', name: 'signet' } as const;

/** Does `work` with requests sent as the operator, and closes the connection. `patient`: waits for a NATS that is not there yet. */
export async function withOperator<T>(
  { url, tls }: NatsServer,
  work: (requester: Requester) => Promise<T>,
  { patient = false }: { readonly patient?: boolean } = {},
): Promise<T> {
  const connection = await connectNats({ url, tls, ...operatorName, waitOnFirstConnect: patient });
  try {
    return await work(new Requester({ connection }));
  } finally {
    await connection.close();
  }
}

type Connection = Awaited<ReturnType<typeof connectNats>>;

/** Does `work` for a command on a connection of the operator's. */
export async function overNats<T>(context: CommandContext, work: (connection: Connection) => Promise<T>): Promise<T> {
  const server = operatorServer(context);
  try {
    const connection = await connectNats({ ...server, ...operatorName, waitOnFirstConnect: false });
    return await work(connection).finally(() => connection.close());
  } catch (error) {
    throw new CommandFailed(`NATS does not answer: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function operatorServer(context: CommandContext): NatsServer {
  const { environment } = context;
  return {
    url:
      environment['NATS_URL_OPERATOR'] ??
      required(context, 'NATS_URL', "or NATS_URL_OPERATOR: where the services' NATS is"),
    tls: natsTlsOf(environment),
  };
}

/** Files of TLS towards NATS. */
export const natsTlsOf = (environment: CommandContext['environment']): NatsTlsFiles => ({
  caFile: environment['SIGNET_NATS_CA'],
  certFile: environment['SIGNET_NATS_CERT'],
  keyFile: environment['SIGNET_NATS_KEY'],
});

/** `withOperator` for a command: what cannot be reached or is refused becomes a plain message. */
export async function asOperator<T>(context: CommandContext, work: (requester: Requester) => Promise<T>): Promise<T> {
  const server = operatorServer(context);
  try {
    return await withOperator(server, work);
  } catch (error) {
    if (error instanceof CommandFailed) throw error;
    if (error instanceof MeshError) throw new CommandFailed(describe(error));
    throw new CommandFailed(`NATS does not answer: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function describe({ code, message, details }: MeshError): string {
  return [`${code}: ${message}`, ...(details === undefined ? [] : [JSON.stringify(details, undefined, 2)])].join('\n');
}
