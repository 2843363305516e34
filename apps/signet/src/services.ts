import { auditService } from '@signet/audit';
import { authnService } from '@signet/authn';
import { directoryService } from '@signet/directory';
import type { ServiceDefinition } from '@signet/service';
import { sessionService } from '@signet/session';
import { tokenService } from '@signet/token';

export const services: readonly ServiceDefinition[] = [
  authnService,
  sessionService,
  tokenService,
  directoryService,
  auditService,
];
