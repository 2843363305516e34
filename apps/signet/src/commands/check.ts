import { command } from '../command.js';
import { loadSignetFile } from '../configuration/load.js';

export const check = command({
  words: ['check'],
  summary: 'Checks a signet.yaml and lists everything that is wrong with it.',
  usage: '[--config FILE]',
  options: { config: { type: 'string' } },
  run: async ({ config }, { environment, out }) => {
    const { path, file } = await loadSignetFile(config, environment);
    out(`${path}: ${file.tenants.length} tenants, no faults`);
  },
});
