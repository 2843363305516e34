import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Whether node_modules holds what package-lock.json asks for. npm writes its own list of what it has installed, as the last
 * thing, so a broken install does not pass. The contents are compared, not their times: a lock file that was merely touched
 * costs nothing.
 * @param {string} root
 */
export function packagesAreInstalled(root) {
  const list = path.join(root, 'node_modules/.package-lock.json');
  if (!existsSync(list)) return false;
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(list, 'utf8')).packages;
  return Object.entries(wanted).every(([place, entry]) => {
    if (!place.includes('node_modules/')) return true;
    const found = installed[place];
    if (!found) return entry.optional === true || entry.devOptional === true || entry.peer === true;
    return entry.link ? found.resolved === entry.resolved : found.version === entry.version;
  });
}
