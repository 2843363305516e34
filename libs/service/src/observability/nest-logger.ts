import { Logger, type LoggerService } from '@nestjs/common';
import type { ServiceLogger } from './service-logger.js';

const textOf = (message: unknown): string => (message instanceof Error ? message.message : String(message));

/** What Nest itself says. Its accounts of a start (modules, routes) are for debugging; of failures it says enough. */
class NestLogger implements LoggerService {
  constructor(private readonly logger: ServiceLogger) {}

  log(message: unknown, context?: unknown): void {
    this.logger.debug('nest', { message: textOf(message), context });
  }

  warn(message: unknown, context?: unknown): void {
    this.logger.warn('nest', { message: textOf(message), context });
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error('nest', {
      message: textOf(message),
      ...(message instanceof Error && { error: message }),
      context: rest.at(-1),
    });
  }
}

/** Nest keeps one logger for the whole process, so only what owns the process may set it. */
export function takeOverNestLog(logger: ServiceLogger): void {
  Logger.overrideLogger(new NestLogger(logger));
}
