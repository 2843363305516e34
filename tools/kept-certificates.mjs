import { createPrivateKey, X509Certificate } from 'node:crypto';
import path from 'node:path';

import { newAuthority } from './authority.mjs';
import { readIfThere, writePrivate } from './private-file.mjs';

const day = 86_400_000;
/** Browsers refuse a leaf of more than 398. */
const days = 397;

/**
 * ca.pem, cert.pem and key.pem in each of the directories, certificates of one authority; all of them made anew when one has less than 30 days left.
 * The authority's key is forgotten at once: whoever trusts it trusts these certificates.
 * @param {string} name the authority's
 * @param {Record<string, { names: string[], uses?: ('server' | 'client')[] }>} leaves by their directories, as `newAuthority` issues them
 * @returns {Promise<Record<string, { ca: string, cert: string, key: string }>>} paths of PEM files, by their directories
 */
export async function keptCertificates(name, leaves) {
  const placed = Object.fromEntries(Object.keys(leaves).map((directory) => [directory, filesIn(directory)]));
  if (areUsable(Object.values(placed))) return placed;
  const authority = await newAuthority({ name, days });
  for (const [directory, files] of Object.entries(placed)) {
    const { cert, key } = await authority.issue(leaves[directory]);
    writePrivate(files.ca, authority.ca);
    writePrivate(files.key, key);
    writePrivate(files.cert, cert);
  }
  return placed;
}

const filesIn = (directory) => ({
  ca: path.join(directory, 'ca.pem'),
  cert: path.join(directory, 'cert.pem'),
  key: path.join(directory, 'key.pem'),
});

function areUsable(all) {
  const texts = all.map(({ ca, cert, key }) => [ca, cert, key].map(readIfThere));
  const [[first]] = texts;
  return texts.every(([ca, cert, key]) => ca === first && isUsable(ca, cert, key));
}

function isUsable(ca, cert, key) {
  if (!ca || !cert || !key) return false;
  const leaf = new X509Certificate(cert);
  return (
    leaf.verify(new X509Certificate(ca).publicKey) &&
    leaf.checkPrivateKey(createPrivateKey(key)) &&
    new Date(leaf.validTo).getTime() > Date.now() + 30 * day
  );
}
