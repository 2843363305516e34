import type { DynamicModule, Type } from '@nestjs/common';
import type { ServiceName } from '@signet/contracts';
import type { Purpose } from '@signet/keys';
import type { DatabaseOptions, Migration, Transaction } from '@signet/persistence';
import type { EventFactory } from './events/event-factory.js';
import type { ErrorPage } from './http/error-filter.js';
import type { ErrorForm } from './http/error-form.js';
import type { SealedColumn } from './sealing/sealed-column.js';

export type KeyPurpose = Purpose;

/** A service as a value: what createService makes a running one of. */
export interface ServiceDefinition {
  readonly name: ServiceName;
  readonly module: Type | DynamicModule;
  /** After the baseline of libs/persistence; only ever added to. */
  readonly migrations: readonly Migration[];
  /** TypeORM's. */
  readonly entities?: DatabaseOptions['entities'];
  /** The purposes whose keys it is given; `event` comes by itself, since every service records. */
  readonly keyring: readonly KeyPurpose[];
  /** What it keeps sealed for long: sealed anew once its key has a successor. */
  readonly sealed?: readonly SealedColumn[];
  /**
   * What of its state may not live again where a backup was restored, in the transaction that declares it: no service runs then. Gives what it
   * did, as the operator is told.
   */
  readonly afterRestore?: (tx: Transaction, events: Pick<EventFactory, 'make'>) => Promise<readonly string[]>;
  /** For services that answer people; the others tell failures as JSON. */
  readonly errorPage?: ErrorPage;
  /** For a protocol whose failures have a form of their own. */
  readonly errorForm?: ErrorForm;
}

export function defineService(definition: ServiceDefinition): ServiceDefinition {
  return definition;
}
