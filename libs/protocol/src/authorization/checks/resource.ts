import { checkResources } from '../../resource.js';
import type { AuthorizationCheck } from './check.js';

/** RFC 8707 section 2.1. */
export const checkResource: AuthorizationCheck<readonly string[]> = (context) =>
  checkResources(context.parameters.all('resource'), context);
