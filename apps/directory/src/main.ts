import { launch } from '@signet/service';
import { directoryService } from './index.js';

await launch([directoryService]);
