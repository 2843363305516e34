/** Imported first by each entry: later modules need what an older Node lacks. */
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Signet needs Node 20.19 or later; this is ${process.version}.`);
  process.exit(1);
}
