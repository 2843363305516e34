/** What an operation's handler answers with, as the wire has it. */
export interface Answer<R> {
  readonly body: R;
  /** Of the object, for its ETag. */
  readonly version?: number;
  /** Last segment of the URL of what was created. */
  readonly location?: string;
}
