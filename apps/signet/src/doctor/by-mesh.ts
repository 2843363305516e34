import { warning } from './verdict.js';

/** Of a connection in plain text that SIGNET_TLS_BY_MESH names. */
export const byMesh = warning(
  'in plain text to Signet: SIGNET_TLS_BY_MESH says that a mesh encrypts it',
  'See that the mesh does',
);
