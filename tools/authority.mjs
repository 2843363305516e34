import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

const day = 86_400_000;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/**
 * An authority that is forgotten with the process that made it: whoever trusts it trusts what it has issued by then.
 * @param {{ name: string, days: number }} options
 * @returns {Promise<{ ca: string, issue(options: { names: string[], uses?: ('server' | 'client')[], days?: number }): Promise<{ cert: string, key: string }> }>}
 *   PEM. `names`: DNS names and IP addresses, the first of them the common name; `uses`: for servers when absent; `days` may be negative: it has ended
 */
export async function newAuthority({ name, days }) {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(webcrypto);
  const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const validity = (length) => ({
    notBefore: new Date(Date.now() + Math.min(0, length) * day - day),
    notAfter: new Date(Date.now() + length * day),
    signingAlgorithm: algorithm,
    serialNumber: serialNumber(),
  });
  const ownKeys = await newKeys();
  const own = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(days),
    name: `CN=${name} ${randomBytes(4).toString('hex')}`,
    keys: ownKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(ownKeys.publicKey),
    ],
  });
  const usages = { server: x509.ExtendedKeyUsage.serverAuth, client: x509.ExtendedKeyUsage.clientAuth };
  return {
    ca: own.toString('pem'),
    issue: async ({ names, uses = ['server'], days: length = days }) => {
      const keys = await newKeys();
      const leaf = await x509.X509CertificateGenerator.create({
        ...validity(length),
        subject: `CN=${names[0]}`,
        issuer: own.subject,
        signingKey: ownKeys.privateKey,
        publicKey: keys.publicKey,
        extensions: [
          new x509.BasicConstraintsExtension(false),
          new x509.SubjectAlternativeNameExtension(
            names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
          ),
          new x509.ExtendedKeyUsageExtension(uses.map((use) => usages[use])),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          await x509.AuthorityKeyIdentifierExtension.create(ownKeys.publicKey),
        ],
      });
      const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
      return { cert: leaf.toString('pem'), key };
    },
  };
}

/** RFC 5280 section 4.1.2.2: positive, so the first bit stays clear; its first byte is not zero. */
function serialNumber() {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] & 0x7f) | 0x40;
  return bytes.toString('hex');
}
