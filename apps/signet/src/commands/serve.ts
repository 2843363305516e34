import { serviceNames, type ServiceName } from '@signet/contracts';
import type { ServiceDefinition } from '@signet/service';
import { CommandFailed, type Command } from '../command.js';

/** Each with its own service alone in its hand. */
const definitions: Readonly<Record<ServiceName, () => Promise<ServiceDefinition>>> = {
  authn: async () => (await import('@signet/authn')).authnService,
  token: async () => (await import('@signet/token')).tokenService,
  session: async () => (await import('@signet/session')).sessionService,
  directory: async () => (await import('@signet/directory')).directoryService,
  audit: async () => (await import('@signet/audit')).auditService,
};

const isServiceName = (name: string | undefined): name is ServiceName => serviceNames.some((known) => known === name);

/** What a service's own main.ts does, out of the one script. */
export const serve: Command = {
  words: ['serve'],
  usage: `<${serviceNames.join(' | ')}>`,
  summary: 'Runs one of the services as this process.',
  run: async ([name, ...rest], { afterOpen }) => {
    if (!isServiceName(name) || rest.length > 0)
      throw new CommandFailed(`name one service: ${serviceNames.join(', ')}`);
    const { launch } = await import('@signet/service');
    await launch([await definitions[name]()], { ...(afterOpen && { afterOpen }) });
  },
};
