import { Module } from '@nestjs/common';
import { Keyring } from '@signet/keys';
import { Database } from '@signet/persistence';
import { defineService, Metrics, type SealedColumn } from '@signet/service';
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
import { subjectKeyPlace } from './personal/subject-keys.js';
import { EntriesController } from './reading/entries.controller.js';
import { retentionProviders } from './retention/providers.js';
import { Judgements } from './streaming/judgements.js';
import { streamingProviders } from './streaming/providers.js';
import { StreamController } from './streaming/stream.controller.js';
import { LogController } from './tree/log.controller.js';
import { logKeyPlace } from './tree/log-keys.js';
import { LogRequestsController } from './tree/log-requests.controller.js';
import { treeProviders } from './tree/providers.js';
import { webhookSecretPlace } from './webhooks/secrets.js';
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
      inject: [Judgements, Metrics],
      useFactory: (judgements: Judgements, metrics: Metrics) => {
        const places = new ExportPlaces(judgements);
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
  sealed: [
    {
      ...{ purpose: 'encryption', table: 'subject_key', column: 'key' },
      key: { tenant_id: 'uuid', subject: 'text' },
      place: ([tenantId = '', subject = '']) => subjectKeyPlace({ tenantId, subject }),
    },
    {
      ...{ purpose: 'encryption', table: 'tree', column: 'private_key' },
      key: { tenant_id: 'uuid' },
      place: ([tenantId = '']) => logKeyPlace(tenantId),
    },
    ...(['secret', 'previous_secret'] as const).map((column): SealedColumn => ({
      ...{ purpose: 'encryption', table: 'webhook', column },
      key: { tenant_id: 'uuid', id: 'uuid' },
      place: ([tenantId = '', id = '']) => webhookSecretPlace({ tenantId, id }),
    })),
  ],
});
