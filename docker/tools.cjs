// The issuer is at localhost, which in a container is the container: what comes to its port there is handed on to the proxy.
const { connect, createServer } = require('node:net');
const { pipeline } = require('node:stream');

const port = 8443;
const forwarder = createServer((client) => {
  pipeline(client, connect(port, 'proxy'), client, () => undefined);
});
forwarder.listen(port, '127.0.0.1').unref();

require('/signet/apps/signet/bin/signet.cjs');
