import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './programs.js';

/** PEM files: an authority, and what a server of localhost has by it. */
export interface TlsFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

interface Tool {
  readonly developmentTls: (directory: string) => Promise<TlsFiles>;
}

/** As `npm start -- --tls` makes it, in `directory`. */
export async function developmentTls(directory: string): Promise<TlsFiles> {
  const tool = (await import(pathToFileURL(path.join(root, 'tools/development-tls.mjs')).href)) as Tool;
  return tool.developmentTls(directory);
}
