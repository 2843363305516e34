import { randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import path from 'node:path';

import { readIfThere, writePrivate } from './private-file.mjs';

const day = 86_400_000;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

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
  const { ca, cert, key } = await issue();
  writePrivate(files.ca, ca);
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

async function issue() {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(webcrypto);
  const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const common = {
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 397 * day), // browsers refuse a leaf of more than 398 days
    signingAlgorithm: algorithm,
  };
  const authorityKeys = await newKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...common,
    serialNumber: serialNumber(),
    name: `CN=Signet development ${randomBytes(4).toString('hex')}`,
    keys: authorityKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const leafKeys = await newKeys();
  const leaf = await x509.X509CertificateGenerator.create({
    ...common,
    serialNumber: serialNumber(),
    subject: 'CN=localhost',
    issuer: authority.subject,
    signingKey: authorityKeys.privateKey,
    publicKey: leafKeys.publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(false),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', leafKeys.privateKey), 'PRIVATE KEY');
  return { ca: authority.toString('pem'), cert: leaf.toString('pem'), key };
}

/** RFC 5280 section 4.1.2.2: positive, so the first bit stays clear; its first byte is not zero. */
function serialNumber() {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] & 0x7f) | 0x40;
  return bytes.toString('hex');
}
