import { envelope } from '@signet/contracts';
import { connectNats, followTenantEvents, NatsRefused, tenantConsumer } from '@signet/messaging';
import { consumersSetting } from '@signet/service';
import { CommandFailed, required, type CommandContext } from '../command.js';
import { harmless } from '../harmless.js';
import { natsTlsOf } from '../operator.js';
import { describeEvent, isWanted } from './events.js';
import { consumerPassword } from './nats.js';

interface Wanted {
  readonly consumer: string;
  /** A type, or what types begin with and `.*`. The others are acknowledged and not shown. */
  readonly type: string | undefined;
  readonly json: boolean;
}

/** Shows what JetStream has for a consumer, as the consumer's own user, until `signal` aborts. Acknowledged is what was shown. */
export async function tailConsumer(context: CommandContext, wanted: Wanted, signal: AbortSignal): Promise<void> {
  const { consumer: name } = wanted;
  if (!consumersSetting.safeParse(`${name}=tenant`).success)
    throw new CommandFailed(`${name} is no name of a consumer`);
  const user = tenantConsumer(name);
  const servers = required(context, 'NATS_URL', 'where the NATS of the services is')
    .split(',')
    .map((server) => {
      if (!URL.canParse(server.trim())) throw new CommandFailed('NATS_URL is no URL of a NATS server');
      const url = new URL(server.trim());
      url.username = user;
      url.password = encodeURIComponent(consumerPassword(context, name));
      return url.href;
    });
  let told = '';
  try {
    const connection = await connectNats({
      ...{ url: servers.join(','), service: user, name: 'signet', waitOnFirstConnect: false },
      tls: natsTlsOf(context.environment),
    });
    await followTenantEvents({
      ...{ connection, name, signal },
      take: (leaf) => {
        show(context, wanted, Buffer.from(leaf).toString('utf8'));
      },
      onAway: (reason) => {
        if (reason !== told) console.error(harmless(`signet: ${user} is waited for: ${reason}`));
        told = reason;
      },
    }).finally(() => connection.close());
  } catch (error) {
    if (error instanceof NatsRefused) throw new CommandFailed(error.message);
    throw new CommandFailed(`NATS does not answer: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function show({ out }: CommandContext, { type, json }: Wanted, leaf: string): void {
  const event = readEvent(leaf);
  if (event && !isWanted(event.type, type)) return;
  // What is no event is shown as it came.
  out(harmless(json || !event ? leaf : describeEvent({ event })));
}

function readEvent(leaf: string) {
  try {
    return envelope.safeParse(JSON.parse(leaf)).data;
  } catch {
    return undefined;
  }
}
