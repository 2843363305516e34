import type { Installation } from '@signet/contracts';
import { adoptStream, connectNats } from '@signet/messaging';
import { adoptInstallation } from '@signet/persistence';
import { installationOf } from '@signet/service';
import { command, CommandFailed, required, type CommandContext } from '../command.js';
import { keyringOf } from '../keyring-files.js';
import { natsTlsOf } from '../operator.js';
import { withStoppedServices } from '../stopped-services.js';

export const installationAdopt = command({
  words: ['installation', 'adopt'],
  summary:
    'While no service runs: databases and stream belong from now on to SIGNET_ISSUER and the keyring, whosever they were. Tenants keep the issuers that they were made with, and what another keyring has sealed does not open.',
  options: {},
  run: async (_, context) => {
    const issuer = issuerOf(required(context, 'SIGNET_ISSUER', 'the issuer that the services are going to have'));
    // That of a quick start is not taken for it unasked: it would shut the services out.
    if (!context.environment['SIGNET_KEYRING_JSON'])
      required(context, 'SIGNET_KEYRING', 'the keyring that the services are going to have');
    const installation = installationOf(issuer, await keyringOf(context));
    await withStoppedServices(context, async (stopped) => {
      for (const { service, database } of stopped) {
        await database.execute(adoptInstallation, installation);
        context.out(`${service.name}: adopted`);
      }
    });
    context.out((await adoptedStream(context, installation)) ? 'the stream: adopted' : 'there is no stream yet');
  },
});

/** As services have it: anything else would shut them out. */
function issuerOf(text: string): string {
  const origin = URL.canParse(text) ? new URL(text).origin : undefined;
  if (origin === undefined || (text !== origin && text !== `${origin}/`))
    throw new CommandFailed('SIGNET_ISSUER must be an origin: scheme, host in lower case and port, nothing else');
  return origin;
}

/** As audit, which may; the operator's user may not. */
async function adoptedStream(context: CommandContext, installation: Installation): Promise<boolean> {
  const tls = natsTlsOf(context.environment);
  const url =
    context.environment['NATS_URL_AUDIT'] || required(context, 'NATS_URL', "or NATS_URL_AUDIT: where audit's NATS is");
  try {
    const connection = await connectNats({ url, tls, service: 'audit', name: 'signet', waitOnFirstConnect: false });
    return await adoptStream(connection, installation).finally(() => connection.close());
  } catch (error) {
    throw new CommandFailed(
      `the databases are adopted, the stream is not: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
