import { command } from '../command.js';
import { loadSignetFile } from '../configuration/load.js';

export const check = command({
  words: ['check'],
  summary:
    'Checks a signet.yaml and lists everything that is wrong with it: in production mode, where SIGNET_ISSUER says so.',
  usage: '[--config FILE]',
  options: { config: { type: 'string' } },
  run: async ({ config }, { environment, out }) => {
    const { path, file } = await loadSignetFile(config, environment, environment['SIGNET_ISSUER'] || undefined);
    out(`${path}: ${file.tenants.length} tenants, no faults`);
  },
});
