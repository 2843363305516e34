import { createServer, type Server } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  cosignNote,
  decodeBase64,
  emptyRoot,
  formatNoteKey,
  noteKey,
  openCheckpoint,
  verifyConsistency,
  type Checkpoint,
  type Hash,
  type NoteKey,
} from '@signet/tlog';

export interface WitnessReply {
  readonly status: number;
  readonly type?: string;
  readonly body?: string;
}

/** A witness as C2SP tlog-witness has it, in memory: it cosigns what grew from what it has seen, and nothing else. */
export class TestWitness {
  readonly key: NoteKey;
  readonly requests: { readonly oldSize: number; readonly status: number }[] = [];
  /** What it has cosigned last of each log. */
  readonly seen = new Map<string, Checkpoint>();
  /** Answers in its place; `hang`: nobody answers. */
  instead: ((honest: WitnessReply, body: string) => WitnessReply | 'hang') | undefined;
  readonly #logs = new Map<string, NoteKey>();
  readonly #privateKey = generateKeyPairSync('ed25519').privateKey;
  readonly #server: Server;

  private constructor(readonly name: string) {
    this.key = noteKey(name, 'cosignature', this.#privateKey);
    this.#server = createServer((request, response) => {
      void text(request).then((body) => {
        const honest =
          request.url === '/w/add-checkpoint' && request.method === 'POST' ? this.#add(body) : { status: 404 };
        const reply = this.instead ? this.instead(honest, body) : honest;
        if (reply === 'hang') return;
        this.requests.push({ oldSize: Number(/^old (\d+)\n/.exec(body)?.[1]), status: reply.status });
        response.writeHead(reply.status, { 'Content-Type': reply.type ?? 'text/plain' }).end(reply.body ?? '');
      });
    });
  }

  static async start(name: string): Promise<TestWitness> {
    const witness = new TestWitness(name);
    await new Promise<void>((resolve) => witness.#server.listen(0, '127.0.0.1', resolve));
    return witness;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** As SIGNET_AUDIT_WITNESSES names it. */
  get setting(): object {
    return { key: formatNoteKey(this.key), url: `${this.origin}/w/` };
  }

  /** From now on it knows this log. */
  know(log: NoteKey): void {
    this.#logs.set(log.name, log);
  }

  cosign(checkpointText: string): string {
    return cosignNote(checkpointText, this.name, this.#privateKey, 1_700_000_000);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #add(body: string): WitnessReply {
    const border = body.indexOf('\n\n');
    const [oldLine = '', ...lines] = body.slice(0, border).split('\n');
    const oldSize = /^old (0|[1-9]\d*)$/.exec(oldLine)?.[1];
    const proof = lines.map((line) => decodeBase64(line)).filter((hash): hash is Hash => hash?.length === 32);
    if (border < 0 || oldSize === undefined || proof.length < lines.length || proof.length > 63) return { status: 400 };
    const signed = body.slice(border + 2);
    const log = this.#logs.get(signed.slice(0, signed.indexOf('\n')));
    if (!log) return { status: 404 };
    const opened = openCheckpoint(signed, log);
    if (!('checkpoint' in opened)) return { status: 403 };
    const { checkpoint, note } = opened;
    const known = this.seen.get(log.name);
    if (Number(oldSize) > checkpoint.size) return { status: 400 };
    if (Number(oldSize) !== (known?.size ?? 0))
      return { status: 409, type: 'text/x.tlog.size', body: `${known?.size ?? 0}\n` };
    if (!verifyConsistency(known ?? { size: 0, root: emptyRoot }, checkpoint, proof)) return { status: 422 };
    this.seen.set(log.name, checkpoint);
    return { status: 200, body: this.cosign(note.text) };
  }
}
