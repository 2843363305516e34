export { sessionService } from './session-service.js';
