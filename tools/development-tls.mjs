import { keptCertificates } from './kept-certificates.mjs';

/**
 * A certificate for localhost, and the authority that signed it, in `directory`; made anew when it has less than 30 days left.
 * @param {string} directory
 * @returns {Promise<{ ca: string, cert: string, key: string }>} paths of PEM files
 */
export async function developmentTls(directory) {
  const names = ['localhost', '127.0.0.1', '::1'];
  const { [directory]: files } = await keptCertificates('Signet development', { [directory]: { names } });
  return files;
}
