import type { Mesh, MeshOptions } from './mesh.js';

/** Starts services as a deployment does: a fresh database with roles, a NATS server with users and permissions, a keyring, free ports. */
export async function startMesh(options: MeshOptions): Promise<Mesh> {
  // It brings Nest, which most suites do without.
  const mesh = await import('./mesh.js');
  return mesh.startMesh(options);
}
