import { launch } from '@signet/service';
import { tokenService } from './token-service.js';

await launch([tokenService]);
