import { spawnSync } from 'node:child_process';

const ask = (...words) => spawnSync('docker', words, { encoding: 'utf8', timeout: 30_000 });

/**
 * Why no containers can be run here, in one sentence; undefined where they can.
 * @param {(...words: string[]) => { status: number | null, error?: Error, stdout?: string, stderr?: string }} docker
 * @returns {string | undefined}
 */
export function engineFault(docker = ask) {
  const engine = docker('version', '--format', '{{.Server.Version}}');
  if (engine.error?.code === 'ENOENT')
    return 'npm run test:containers needs a container engine, and there is no program `docker` here.';
  if (engine.status !== 0)
    return `npm run test:containers needs a container engine, and none answers: ${lastLine(engine)}.`;
  const compose = docker('compose', 'version', '--short');
  if (compose.status !== 0)
    return `npm run test:containers needs Docker Compose 2, and \`docker compose\` fails: ${lastLine(compose)}.`;
  return undefined;
}

/** Its first sentence. */
function lastLine({ stdout = '', stderr = '', error }) {
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim());
  const said = lines.findLast((line) => line !== '') ?? error?.message ?? 'it said nothing';
  return said.replace(/[.?!]+(\s.*)?$/, '');
}
