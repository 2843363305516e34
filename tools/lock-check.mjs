/**
 * Optional packages that the lock file's packages name and that it does not hold. npm leaves out what the registry it asked did
 * not have (another platform's binary, say), and `npm ci` then fails, here or on the other platform.
 * @param {{ packages: Record<string, { version?: string, optionalDependencies?: Record<string, string> }> }} lock
 * @returns {string[]} one line each
 */
export function missingFromLock(lock) {
  const held = new Set(Object.keys(lock.packages).map((place) => place.replace(/^.*node_modules\//, '')));
  return Object.entries(lock.packages).flatMap(([place, { version, optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !held.has(name))
      .map(([name, range]) => `${place || 'the root'} ${version}: ${name}@${range}`),
  );
}

/** Names of the lock file's packages that bring a script to run at their installation. */
export function packagesWithScripts(lock) {
  const places = Object.entries(lock.packages).filter(([, entry]) => entry.hasInstallScript);
  return [...new Set(places.map(([place]) => place.replace(/^.*node_modules\//, '')))].sort();
}
