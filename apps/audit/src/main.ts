import { launch } from '@signet/service';
import { auditService } from './audit-service.js';

await launch([auditService]);
