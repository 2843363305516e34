import { requestParameters } from '../src/parameters.js';
import type { CheckContext } from '../src/authorization/checks/check.js';
import type { Client } from '../src/index.js';
import { aClient, anApi } from './fixtures.js';

/** What a check of /authorize looks at, for a request with these parameters. */
export const checkContext = (
  parameters: Readonly<Record<string, string | readonly string[]>>,
  client: Partial<Client> = {},
): CheckContext => ({
  parameters: requestParameters(parameters),
  client: aClient(client),
  resourceServers: [anApi],
});
