/** A message of a stream, as the client dispatches it. */
export interface Message {
  readonly event: string;
  readonly data: string;
  readonly lastEventId: string;
}

/** A client of server-sent events by the steps of HTML section 9.2.6, that can be read as slowly as a test likes. */
export class EventSourceClient {
  lastEventId = '';
  retry: number | undefined;
  #text = '';
  readonly #decoder = new TextDecoder();

  private constructor(
    readonly response: Response,
    private readonly reader: ReadableStreamDefaultReader<Uint8Array>,
    private readonly abort: AbortController,
  ) {}

  /** Rejects where the answer is no stream; its status is the message. */
  static async open(url: string, headers: Readonly<Record<string, string>>): Promise<EventSourceClient> {
    const abort = new AbortController();
    const response = await fetch(url, { headers: { Accept: 'text/event-stream', ...headers }, signal: abort.signal });
    if (response.status !== 200 || !response.body) throw new Error(String(response.status));
    return new EventSourceClient(response, response.body.getReader(), abort);
  }

  /** The next message; undefined where the stream ended. */
  async next(): Promise<Message | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        const message = this.#read(block);
        if (message) return message;
        continue;
      }
      const { done, value } = await this.reader.read();
      if (done) return undefined;
      this.#text += this.#decoder.decode(value, { stream: true });
    }
  }

  async take(count: number): Promise<Message[]> {
    const messages: Message[] = [];
    while (messages.length < count) {
      const message = await this.next();
      if (!message) throw new Error(`the stream ended after ${messages.length} messages`);
      messages.push(message);
    }
    return messages;
  }

  close(): void {
    this.abort.abort();
  }

  #read(block: string): Message | undefined {
    const data: string[] = [];
    let event = 'message';
    for (const line of block.split('\n')) {
      const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
      if (name === 'id') this.lastEventId = value;
      else if (name === 'event') event = value;
      else if (name === 'data') data.push(value);
      else if (name === 'retry') this.retry = Number(value);
    }
    return data.length === 0 ? undefined : { event, data: data.join('\n'), lastEventId: this.lastEventId };
  }
}
