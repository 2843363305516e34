import { readFile } from 'node:fs/promises';
import { KeyManagementFailure } from './failure.js';

/** The token in a file, read anew each time, since an agent may replace it. `setting`: what names the file. */
export async function readCredentialFile(setting: string, file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const token = text?.trim();
  // RFC 9110 section 5.5: what a header may hold.
  if (token !== undefined && /^[\x21-\x7e]{1,16384}$/.test(token)) return token;
  const fault = text === undefined ? 'cannot be read' : 'holds no token';
  throw new KeyManagementFailure('settings', `${setting} names ${file}, which ${fault}`);
}
