export { decodeBase64url, encodeBase64url } from './base64url.js';
export { randomText, systemRandom } from './random.js';
export { digests, leftHalfHash, sha256, sha256Text, timingSafeEqualText } from './hashes.js';
export {
  completeKeyring,
  extendKeyring,
  Keyring,
  keyringFileSchema,
  loadKeyring,
  newKeyring,
  purposes,
} from './keyring.js';
export type { KeyringFile, KeyringKey, Purpose } from './keyring.js';
export { isWrapped, unwrapKeyring, wrapKeyring, wrappedKeyringSchema } from './wrapped-keyring.js';
export type { KeyManagement, WrappedKeyring } from './wrapped-keyring.js';
export { keyChecks } from './key-check.js';
export { keyedMac, mac, refreshMac } from './mac.js';
export { open, openText, seal, sealedUnder, sealToText } from './seal.js';
export { importVerificationKey, jwks, publicEncryptionJwkSchema, publicJwkSchema } from './jwk.js';
export type { PublicEncryptionJwk, PublicJwk, VerificationKey } from './jwk.js';
export { generateSigningKey, importSigningKey } from './signing-key.js';
export type { GeneratedSigningKey, SigningKey } from './signing-key.js';
export { signJwt, unsecuredJwt } from './sign-jwt.js';
export { JWT_LIMIT } from './jws.js';
export type { JwtClaims, JwtFault, Moment } from './jws.js';
export { unverifiedKeyId, verifyJwt } from './verify-jwt.js';
export type { JwtExpectation, JwtVerification } from './verify-jwt.js';
export {
  CLIENT_JWT_LIMIT,
  readUnsecuredJwt,
  unverifiedClientClaims,
  verifyClientJwt,
  verifyMacJwt,
} from './verify-client-jwt.js';
export type {
  ClientJwtClaims,
  ClientJwtExpectation,
  ClientJwtFault,
  ClientJwtHeader,
  ClientJwtVerification,
} from './verify-client-jwt.js';
export { verifyDpopProof } from './verify-dpop-proof.js';
export type { DpopProofVerification } from './verify-dpop-proof.js';
export { JWKS_LIMIT, clientJwksFault, importClientJwk, parseClientJwks, thumbprint } from './client-jwk.js';
export type { ClientJwk, ClientJwksFault, ClientJwksParsing } from './client-jwk.js';
export { generateEncryptionKey, importEncryptionKey, selectEncryptionKey } from './encryption-key.js';
export type { EncryptionKey, EncryptionRecipient, GeneratedEncryptionKey } from './encryption-key.js';
export { decryptJwe, encryptJwe, isJwe } from './jwe.js';
export type { JweDecryption, JweExpectation, JweFault, JweHeader } from './jwe.js';
