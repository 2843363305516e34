import { readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';

/** What outbound connections trust: the usual authorities, and those of a PEM file that may be replaced at any moment. Throws where it cannot be used from the start. */
export class AddedAuthorities {
  #text: string;
  #context: SecureContext;

  constructor(private readonly file: string) {
    this.#text = readFileSync(file, 'utf8');
    this.#context = contextOf(this.#text);
  }

  /** Of the file as it is now, or as it could last be read. */
  get context(): SecureContext {
    try {
      const text = readFileSync(this.file, 'utf8');
      if (text !== this.#text) {
        this.#context = contextOf(text);
        this.#text = text;
      }
    } catch {
      // Half written: the next connection looks again.
    }
    return this.#context;
  }
}

function contextOf(text: string): SecureContext {
  // createSecureContext takes what is no certificate for none at all.
  if (!text.includes('-----END CERTIFICATE-----')) throw new Error('no certificate in PEM');
  return createSecureContext({ minVersion: 'TLSv1.2', ca: [...rootCertificates, text] });
}
