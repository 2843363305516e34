import { readFile } from 'node:fs/promises';
import { eventId, findLogKey, findTenant, proveEntry } from '@signet/contracts';
import { parseNoteKey, type NoteKey } from '@signet/tlog';
import { ArchivedSource } from '../audit-log/archived-source.js';
import { LogFault } from '../audit-log/log-fault.js';
import { DirectorySource, HttpSource, SourceFailed, type LogSource } from '../audit-log/log-source.js';
import { mirrorLog } from '../audit-log/mirror-log.js';
import { seenCheckpoint } from '../audit-log/seen-checkpoint.js';
import { verifyLog, verifyProof } from '../audit-log/verify-log.js';
import { command, CommandFailed } from '../command.js';
import { harmless } from '../harmless.js';
import { asOperator } from '../operator.js';

/** Exit code for a log that does not fit; 1 is for one that could not be looked at, or of which nothing could be kept. */
const doesNotFit = 3;

const tenant = { type: 'string', default: 'default' } as const;

export const auditKey = command({
  words: ['audit', 'key'],
  summary:
    "Prints the key that a tenant's log is verified with. It is for good: keep it where the log's operator cannot change it.",
  usage: '[--tenant SLUG]',
  options: { tenant },
  run: async ({ tenant: slug }, context) => {
    const { key } = await asOperator(context, async (requester) => {
      const { id } = await requester.request(findTenant, { slug });
      return requester.request(findLogKey, { tenantId: id });
    });
    context.out(key);
  },
});

export const auditProve = command({
  words: ['audit', 'prove'],
  summary:
    'Prints a proof that an event is in the log: the event, its path, the checkpoint. Whoever has the key can check it.',
  usage: 'EVENT_ID [--tenant SLUG]',
  options: { tenant },
  argument: 'id of an event',
  run: async ({ tenant: slug }, context, given) => {
    const id = eventId.safeParse(given);
    if (!id.success) throw new CommandFailed(`${given} is no id of an event`);
    const { proof } = await asOperator(context, async (requester) => {
      const found = await requester.request(findTenant, { slug });
      return requester.request(proveEntry, { tenantId: found.id, id: id.data });
    });
    context.out(proof.trimEnd());
  },
});

export const auditVerify = command({
  words: ['audit', 'verify'],
  summary:
    'Recomputes a log from its entries, by its URL or a mirror of it, and checks that it begins with what was seen of it before. Exit code 3: it does not fit.',
  usage:
    '(URL | DIRECTORY) --key KEY|FILE [--witness KEY|FILE]… [--archive DIRECTORY] [--token-file FILE] [--state FILE] | --proof FILE --key KEY|FILE',
  options: {
    key: { type: 'string' },
    witness: { type: 'string', multiple: true },
    archive: { type: 'string' },
    'token-file': { type: 'string' },
    state: { type: 'string' },
    proof: { type: 'string' },
  },
  argument: 'URL or directory of a log',
  argumentOptional: true,
  run: async (values, context, place): Promise<number> => {
    if ((place === '') === (values.proof === undefined))
      throw new CommandFailed('give the URL or directory of a log, or --proof');
    const key = await keyOf(values.key);
    const witnesses = await Promise.all((values.witness ?? []).map(witnessKeyOf));
    if ((witnesses.length > 0 || values.archive !== undefined) && values.proof !== undefined)
      throw new CommandFailed('--witness and --archive are for a whole log');
    try {
      if (values.proof !== undefined) {
        const { index, size, event } = verifyProof(await textOf(values.proof), key);
        context.out(`entry ${index} of ${size} in ${key.name}:`);
        context.out(harmless(new TextDecoder().decode(event)));
        return 0;
      }
      const seen = seenCheckpoint(context, key, values.state);
      const before = await seen.read();
      const log = await sourceOf(place, values['token-file']);
      const source = values.archive === undefined ? log : await ArchivedSource.of(log, values.archive);
      const { checkpoint, note, witnessed, gone } = await verifyLog(source, key, before, witnesses);
      const notKept = await seen.keep(note).then(() => undefined, reasonOf);
      const since =
        before === undefined ? 'nothing was seen of it before' : 'it begins with what was seen of it before';
      context.out(`${checkpoint.origin}: all ${checkpoint.size} entries fit; ${since}`);
      if (gone > 0) context.out(`retention has dropped ${gone} of them; the tree has their hashes`);
      if (witnessed !== undefined)
        context.out(`the first ${witnessed} are as ${witnesses.map(({ name }) => name).join(', ')} cosigned them`);
      if (notKept !== undefined)
        throw new CommandFailed(`what was seen of it could not be kept for the next time (--state FILE): ${notKept}`);
      return 0;
    } catch (error) {
      if (error instanceof SourceFailed) throw new CommandFailed(error.message);
      if (!(error instanceof LogFault)) throw error;
      context.out(harmless(`${key.name} does not fit: ${error.describe()}`));
      return doesNotFit;
    }
  },
});

export const auditMirror = command({
  words: ['audit', 'mirror'],
  summary:
    'Copies a log into a directory, as C2SP tlog-tiles lays it out; again, what is new of it. "signet audit verify" reads it. Exit code 3: it does not begin with the copy.',
  usage: 'URL --to DIRECTORY [--token-file FILE]',
  options: { to: { type: 'string' }, 'token-file': { type: 'string' } },
  argument: 'URL of a log',
  run: async ({ to, 'token-file': tokenFile }, context, url): Promise<number> => {
    if (to === undefined) throw new CommandFailed('--to names a directory');
    try {
      const { size, fetched } = await mirrorLog(await sourceOf(url, tokenFile), new DirectorySource(to));
      context.out(`${size} entries; ${fetched} files fetched`);
      return 0;
    } catch (error) {
      if (error instanceof SourceFailed) throw new CommandFailed(error.message);
      if (!(error instanceof LogFault)) throw error;
      context.out(harmless(`${url} does not fit the copy, which stays as it is: ${error.describe()}`));
      return doesNotFit;
    }
  },
});

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new CommandFailed(`${file} cannot be read`);
  }
}

/** A verifier key, or a file that has one. */
async function keyOf(given: string | undefined): Promise<NoteKey> {
  if (given === undefined)
    throw new CommandFailed('--key is the key of the log ("signet audit key"), or a file that has it');
  const key = await noteKeyOf(given);
  if (key?.type !== 'ed25519') throw new CommandFailed('--key is no key of a log');
  return key;
}

async function witnessKeyOf(given: string): Promise<NoteKey> {
  const key = await noteKeyOf(given);
  if (key?.type !== 'cosignature') throw new CommandFailed('--witness is no key of a witness');
  return key;
}

const noteKeyOf = async (given: string): Promise<NoteKey | undefined> =>
  parseNoteKey(given) ?? parseNoteKey((await textOf(given)).trim());

async function sourceOf(place: string, tokenFile: string | undefined): Promise<LogSource> {
  if (!/^https?:\/\//.test(place)) return new DirectorySource(place);
  const { OutboundFetch } = await import('@signet/service');
  const prefix = place.replace(/\/+$/, '');
  if (!URL.canParse(prefix)) throw new CommandFailed(`${place} is no URL`);
  // Whoever calls the command says where the log is, inside his own network as well.
  const fetch = new OutboundFetch({ allow: [new URL(prefix).origin], deadline: 30_000, keepAlive: true });
  if (tokenFile === undefined) return new HttpSource(fetch, prefix, undefined);
  const { protocol, hostname } = new URL(prefix);
  if (protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname))
    throw new CommandFailed('a token goes over https alone, but to this machine');
  return new HttpSource(fetch, prefix, async () => (await textOf(tokenFile)).trim());
}
