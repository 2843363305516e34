import { launch } from '@signet/service';
import { sessionService } from './session-service.js';

await launch([sessionService]);
