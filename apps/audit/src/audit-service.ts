import { Module } from '@nestjs/common';
import { defineService } from '@signet/service';
import { LogWriter } from './log/log-writer.js';
import { migrations } from './migrations/index.js';
import { ErasureController } from './personal/erasure.controller.js';
import { EntriesController } from './reading/entries.controller.js';

@Module({ controllers: [EntriesController, ErasureController], providers: [LogWriter] })
class AuditModule {}

export const auditService = defineService({
  name: 'audit',
  module: AuditModule,
  migrations,
  keyring: ['encryption'],
});
