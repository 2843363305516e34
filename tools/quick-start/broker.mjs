import path from 'node:path';

import { startNats } from '../embedded-nats.mjs';
import { readIfThere, writePrivate } from '../private-file.mjs';
import { StepError } from '../steps.mjs';
import { natsUrls } from './secrets.mjs';
import { digestOf, signet } from './signet-command.mjs';

/** Starts a nats-server in a state directory, in which each service may do what the contracts allow it. */
export async function startBroker({ state, secrets }) {
  const directory = path.join(state, 'nats');
  const config = await configuration({ directory, secrets });
  const server = await startNats({ directory, config }).catch((error) => {
    throw new StepError(error.message, `Its log is ${directory}/nats.log. Or set NATS_URL to a NATS server that runs.`);
  });
  return { server, urls: natsUrls(secrets, server.port) };
}

async function configuration({ directory, secrets }) {
  const kept = path.join(directory, 'signet-nats.conf');
  const title = `# ${digestOf(['contracts', 'messaging'], { directory, users: secrets.natsUsers })}\n`;
  const text = readIfThere(kept);
  if (text?.startsWith(title)) return text;
  const words = ['nats', 'config', '--port=-1', '--jetstream-dir', path.join(directory, 'streams')];
  const made = await signet(words, natsUrls(secrets, 0), 'Look at the message above.');
  writePrivate(kept, title + made);
  return title + made;
}
