export { tokenService } from './token-service.js';
