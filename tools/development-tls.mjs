import { X509Certificate } from 'node:crypto';
import path from 'node:path';

import { newAuthority } from './authority.mjs';
import { readIfThere, writePrivate } from './private-file.mjs';

const day = 86_400_000;
/** Browsers refuse a leaf of more than 398. */
const days = 397;

/**
 * A certificate for localhost, and the authority that signed it, in `directory`; made anew when it has less than 30 days left.
 * The authority's key is forgotten at once: whoever trusts it trusts this one certificate.
 * @param {string} directory
 * @returns {Promise<{ ca: string, cert: string, key: string }>} paths of PEM files
 */
export async function developmentTls(directory) {
  const files = {
    ca: path.join(directory, 'ca.pem'),
    cert: path.join(directory, 'cert.pem'),
    key: path.join(directory, 'key.pem'),
  };
  if (isUsable(files)) return files;
  const authority = await newAuthority({ name: 'Signet development', days });
  const { cert, key } = await authority.issue({ names: ['localhost', '127.0.0.1', '::1'] });
  writePrivate(files.ca, authority.ca);
  writePrivate(files.key, key);
  writePrivate(files.cert, cert);
  return files;
}

function isUsable({ ca, cert, key }) {
  const [caPem, certPem, keyPem] = [ca, cert, key].map(readIfThere);
  if (!caPem || !certPem || !keyPem) return false;
  const leaf = new X509Certificate(certPem);
  return leaf.verify(new X509Certificate(caPem).publicKey) && new Date(leaf.validTo).getTime() > Date.now() + 30 * day;
}
