import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync } from 'node:fs';

const namespace = ['unshare', '--user', '--map-user=65534', '--map-group=65534'];

const succeeds = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/**
 * How to run a program that refuses to be root (PostgreSQL does). As root: in a user namespace in which this process is
 * nobody, so files stay root's and no directory has to be opened to another user; where namespaces are not allowed
 * (Docker's default), as another user, to whom the given files are handed over.
 *
 * @param {string[]} owned files and directories that the program writes
 * @returns {{ prefix?: string[], uid?: number, gid?: number }} options of startTethered
 */
export function ordinaryUser(owned) {
  if (process.getuid?.() !== 0) return {};
  if (process.env.SIGNET_NO_USER_NAMESPACE !== '1' && succeeds(namespace[0], ...namespace.slice(1), 'true'))
    return { prefix: namespace };

  const name = ['postgres', 'nobody'].find((candidate) => succeeds('id', '-u', candidate));
  if (!name)
    throw new Error('PostgreSQL does not run as root, and there is no user "postgres" or "nobody" to run it as');
  const uid = Number(execFileSync('id', ['-u', name]));
  const gid = Number(execFileSync('id', ['-g', name]));
  for (const file of owned) {
    chownSync(file, uid, gid);
    if (spawnSync('test', ['-w', file], { uid, gid }).status !== 0)
      throw new Error(
        `PostgreSQL has to run as the user ${name} here, who cannot reach ${file}: a directory above it is closed to others.`,
      );
  }
  return { uid, gid };
}
