/** Why a key management service gave nothing. */
export type KeyManagementFault =
  /** What it takes to ask is not set, or is of a wrong form. */
  | 'settings'
  /** Who asks may not, or is not known. */
  | 'denied'
  /** The token or the credentials were good once. */
  | 'expired'
  | 'unknown_key'
  /** What was to be unwrapped is of another key, or of another purpose. */
  | 'foreign'
  /** No connection, no trusted certificate, no answer in time, or one that asks to come again. */
  | 'unreachable'
  /** What was answered is not what the service's reference says. */
  | 'answer';

/** A sentence for the operator, which holds no key, token or ciphertext. */
export class KeyManagementFailure extends Error {
  override readonly name = 'KeyManagementFailure';

  constructor(
    readonly fault: KeyManagementFault,
    message: string,
  ) {
    super(message);
  }

  /** Whether waiting may help. */
  get passes(): boolean {
    return this.fault === 'unreachable';
  }
}
