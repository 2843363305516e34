import { ConfigurationError, readConfiguration } from './configuration.js';
import type { Configuration } from './configuration.js';
import { createRelyingParty } from './server.js';

const configuration = configurationOrExit();
const server = createRelyingParty(configuration);

server.on('error', (error) => {
  console.error(`The relying party could not listen on port ${String(configuration.port)}: ${error.message}`);
  process.exitCode = 1;
});
server.listen(configuration.port, configuration.host, () => {
  console.log(`The relying party is at ${configuration.baseUrl.href}`);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  // Requests under way are answered; then nothing keeps the process alive.
  process.once(signal, () => server.close());
}

function configurationOrExit(): Configuration {
  try {
    return readConfiguration(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
