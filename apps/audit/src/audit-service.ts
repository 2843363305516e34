import { Module } from '@nestjs/common';
import { Keyring } from '@signet/keys';
import { Database } from '@signet/persistence';
import { defineService, Metrics } from '@signet/service';
import { EventOperations } from './asking/event-operations.controller.js';
import { TenantConsumers } from './consumers/tenant-consumers.js';
import { ExportController } from './exporting/export.controller.js';
import { ExportPlaces } from './exporting/export-places.js';
import { Appended } from './log/appended.js';
import { entryPartitionProviders } from './log/entry-partitions.js';
import { LogWriter } from './log/log-writer.js';
import { RefusedEvents } from './log/refused-events.js';
import { migrations } from './migrations/index.js';
import { ErasureController } from './personal/erasure.controller.js';
import { PersonalParts } from './personal/personal-parts.js';
import { EntriesController } from './reading/entries.controller.js';
import { retentionProviders } from './retention/providers.js';
import { streamingProviders } from './streaming/providers.js';
import { StreamController } from './streaming/stream.controller.js';
import { LogController } from './tree/log.controller.js';
import { LogRequestsController } from './tree/log-requests.controller.js';
import { treeProviders } from './tree/providers.js';
import { webhookProviders } from './webhooks/providers.js';
import { WebhookOperations } from './webhooks/webhook-operations.controller.js';
import { witnessProviders } from './witnesses/providers.js';

@Module({
  controllers: [
    EntriesController,
    EventOperations,
    ErasureController,
    StreamController,
    ExportController,
    WebhookOperations,
    LogController,
    LogRequestsController,
  ],
  providers: [
    ...streamingProviders,
    ...webhookProviders,
    ...treeProviders,
    ...witnessProviders,
    ...retentionProviders,
    TenantConsumers,
    LogWriter,
    Appended,
    ...entryPartitionProviders,
    RefusedEvents,
    {
      provide: ExportPlaces,
      inject: [Metrics],
      useFactory: (metrics: Metrics) => {
        const places = new ExportPlaces();
        metrics.gauge('signet_audit_exports', 'Exports of the audit log that are under way', () => places.count);
        return places;
      },
    },
    {
      provide: PersonalParts,
      inject: [Database, Keyring],
      useFactory: (database: Database, keyring: Keyring) => new PersonalParts(database, keyring),
    },
  ],
})
class AuditModule {}

export const auditService = defineService({
  name: 'audit',
  module: AuditModule,
  migrations,
  keyring: ['encryption', 'cursor', 'network'],
});
