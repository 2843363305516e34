import { spawnSync } from 'node:child_process';
import path from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '..');

const cases = [
  {
    rule: 'a service imports no other service and reaches into no library',
    file: 'apps/authn/src/index.ts',
    imports: ['@signet/service', '@signet/token', '../../../libs/keys/src/index.js'],
    refused: ['@signet/token', '../../../libs/keys/src/index.js'],
  },
  {
    rule: 'the protocol stands alone',
    file: 'libs/protocol/src/index.ts',
    imports: ['@signet/contracts', '@signet/persistence', 'zod'],
    refused: ['@signet/contracts', '@signet/persistence'],
  },
  {
    rule: 'an example knows nothing of the inside',
    file: 'examples/relying-party/src/main.ts',
    imports: ['@signet/protocol', 'openid-client'],
    refused: ['@signet/protocol'],
  },
];

/** Lints, as if they were those files, texts that import one module on each line; gives the lines that the rule refuses. */
const program = `
  import { ESLint } from 'eslint';
  import tseslint from 'typescript-eslint';
  const eslint = new ESLint({ overrideConfig: tseslint.configs.disableTypeChecked }); // the rule needs no types
  const lines = async ({ file, imports }) => {
    const text = imports.map((name) => \`import '\${name}';\`).join('\\n');
    const [{ messages }] = await eslint.lintText(text, { filePath: file });
    return messages.filter(({ ruleId }) => ruleId === '@nx/enforce-module-boundaries').map(({ line }) => line);
  };
  const found = [];
  for (const one of ${JSON.stringify(cases)}) found.push(await lines(one));
  console.log(JSON.stringify(found));`;

function node(...args) {
  const env = { ...process.env, NX_DAEMON: 'false' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

describe('the boundaries between projects', () => {
  let found;
  beforeAll(() => {
    node('node_modules/nx/dist/bin/nx.js', 'show', 'projects'); // makes the graph that the rule reads
    found = JSON.parse(node('--input-type=module', '--eval', program).trim().split('\n').at(-1));
  }, 180_000);

  it.each(cases.map(({ rule }, index) => [rule, index]))('%s', (_, index) => {
    const { imports, refused } = cases[index];
    expect(found[index].map((line) => imports[line - 1])).toEqual(refused);
  });
});
