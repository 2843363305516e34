export { authnService } from './authn-service.js';
