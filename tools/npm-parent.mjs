/**
 * Calls `onEnd` when the npm that runs this script has gone. npm hands SIGTERM to the shell between it and us, which dies of it
 * and tells us nothing.
 * @param {() => void} onEnd
 * @returns {() => void} ends the watch; until then this process stays alive
 */
export function watchNpm(onEnd) {
  const parent = process.ppid;
  const isRunByNpm = process.env.npm_lifecycle_event !== undefined;
  let told = false;
  const watch = setInterval(() => {
    if (!isRunByNpm || told || process.ppid === parent) return;
    told = true;
    onEnd();
  }, 200);
  return () => clearInterval(watch);
}
