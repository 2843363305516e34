import type { ServiceName } from '@signet/contracts';
import { required, type CommandContext } from './command.js';

/** Where a service keeps its state: its own URL, or that of all. */
export function databaseUrlOf(service: ServiceName, context: CommandContext): string {
  const own = `DATABASE_URL_${service.toUpperCase()}`;
  return context.environment[own] ?? required(context, 'DATABASE_URL', `or ${own}: where ${service} keeps its state`);
}
