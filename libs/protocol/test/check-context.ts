import { requestParameters } from '../src/parameters.js';
import type { CheckContext } from '../src/authorization/checks/check.js';
import type { Client } from '../src/index.js';
import { aClient, anApi } from './fixtures.js';

/** What a check of /authorize looks at, for a request of a code with these parameters; `undefined` takes one away. */
export const checkContext = (
  parameters: Readonly<Record<string, string | readonly string[] | undefined>>,
  client: Partial<Client> = {},
): CheckContext => {
  const given = Object.entries<string | readonly string[] | undefined>({ response_type: 'code', ...parameters });
  const sent = given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return {
    parameters: requestParameters(Object.fromEntries(sent)),
    redirectUri: 'https://shop.example/callback',
    byObject: false,
    endpoint: 'authorize',
    client: aClient(client),
    resourceServers: [anApi],
  };
};

/** What a client registers to use every response type. */
export const everyResponseType: Partial<Client> = {
  grantTypes: ['authorization_code', 'implicit', 'refresh_token'],
  responseTypes: ['code', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token'],
};
