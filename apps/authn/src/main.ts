import { launch } from '@signet/service';
import { authnService } from './authn-service.js';

await launch([authnService]);
