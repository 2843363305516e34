import { ConfigurationError, readConfiguration } from './configuration.js';
import type { Configuration } from './configuration.js';
import { createResourceServer } from './server.js';

const configuration = configurationOrExit();
const server = createResourceServer(configuration);

server.on('error', (error) => {
  console.error(`The resource server could not listen on port ${String(configuration.port)}: ${error.message}`);
  process.exitCode = 1;
});
server.listen(configuration.port, configuration.host, () => {
  console.log(`The resource server is at http://${configuration.host}:${String(configuration.port)}/notes`);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
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
