import type { Logger } from 'typeorm';

/** TypeORM's own loggers write to the console, and parameters with it. */
export function typeOrmLogger(onQuery: (text: string) => void = () => undefined): Logger {
  const nothing = () => undefined;
  return {
    logQuery: onQuery,
    logQueryError: nothing,
    logQuerySlow: nothing,
    logSchemaBuild: nothing,
    logMigration: nothing,
    log: nothing,
  };
}
