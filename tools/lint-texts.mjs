import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/** In a process of its own: ESLint and its plugins load in no test environment. */
const program = (rule, texts) => `
  import { ESLint } from 'eslint';
  import tseslint from 'typescript-eslint';
  const eslint = new ESLint({ overrideConfig: tseslint.configs.disableTypeChecked }); // ${rule} needs no types
  const found = [];
  for (const { file, text } of ${JSON.stringify(texts)}) {
    const [{ messages }] = await eslint.lintText(text, { filePath: file });
    const fatal = messages.find((message) => message.fatal);
    if (fatal) throw new Error(file + ': ' + fatal.message);
    found.push(messages.filter(({ ruleId }) => ruleId === ${JSON.stringify(rule)}).map(({ line }) => line));
  }
  console.log(JSON.stringify(found));`;

function node(...args) {
  const env = { ...process.env, NX_DAEMON: 'false' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/**
 * Lints texts with the repository's own configuration as if they were those files, and gives for each the lines that `rule` refuses.
 * @param {string} rule
 * @param {{ file: string, text: string }[]} texts
 * @returns {number[][]}
 */
export function lintTexts(rule, texts) {
  node('node_modules/nx/dist/bin/nx.js', 'show', 'projects'); // makes the graph that the rule on boundaries reads
  return JSON.parse(node('--input-type=module', '--eval', program(rule, texts)).trim().split('\n').at(-1));
}
