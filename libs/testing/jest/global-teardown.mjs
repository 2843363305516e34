export default async function teardown() {
  await globalThis.signetTestServices?.stop();
}
