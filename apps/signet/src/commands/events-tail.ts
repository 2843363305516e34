import { setTimeout as pause } from 'node:timers/promises';
import { envelope, findTenant, rereadEntries } from '@signet/contracts';
import { MeshError, type Requester } from '@signet/messaging';
import type { z } from 'zod';
import { command, CommandFailed } from '../command.js';
import { harmless } from '../harmless.js';
import { asOperator } from '../operator.js';
import { describeEvent, ensureType, isWanted, newest } from './events.js';
import { tailConsumer } from './events-tail-consumer.js';

/** Milliseconds between two looks where nothing came, and where audit is away. */
const every = 500;
const away = 2_000;
/** Entries that are shown of the past. */
const mostOfThePast = 10_000;
/** Beyond any log: what is read after it is nothing, and the answer tells where the log ends. */
const end = Number.MAX_SAFE_INTEGER;

type Entry = z.output<typeof rereadEntries.response>['entries'][number];

/** Entries after an ordinal, for as long as nobody ends it: an audit that is away is waited for, and nothing is passed over. */
export async function* follow(
  requester: Pick<Requester, 'request'>,
  after: number,
  subject: string,
  signal: AbortSignal,
): AsyncGenerator<Entry> {
  let ordinal = after;
  while (!signal.aborted) {
    try {
      const asked = { after: { ordinal }, subjects: [subject], limit: 500 };
      const { entries, next, more } = await requester.request(rereadEntries, asked);
      yield* entries;
      ordinal = next;
      if (!more) await pause(every, undefined, { signal }).catch(() => undefined);
    } catch (error) {
      if (!(error instanceof MeshError) || !['unavailable', 'deadline_exceeded'].includes(error.code)) throw error;
      await pause(away, undefined, { signal }).catch(() => undefined);
    }
  }
}

export const eventsTail = command({
  words: ['events', 'tail'],
  summary:
    "Follows a tenant's audit log, from now on or from a time, until it is interrupted; with --consumer, what JetStream has for a consumer of SIGNET_AUDIT_CONSUMERS, from where that was, as its own user with NATS_PASSWORD_<NAME>.",
  usage: '[--tenant SLUG] [--type TYPE] [--since TIME] [--json] | --consumer NAME [--type TYPE] [--json]',
  options: {
    tenant: { type: 'string' },
    type: { type: 'string' },
    since: { type: 'string' },
    consumer: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  run: async ({ tenant: slug, type, since, consumer, json }, context) => {
    ensureType(type);
    const ended = new AbortController();
    const stop = () => {
      ended.abort();
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    if (consumer !== undefined) {
      if (slug !== undefined || since !== undefined)
        throw new CommandFailed(
          'a consumer has its tenant, and goes on where it was: --tenant and --since are without it',
        );
      await tailConsumer(context, { consumer, type, json }, ended.signal);
      return;
    }
    const show = ({ leaf, index }: Pick<Entry, 'leaf' | 'index'>) => {
      const event = envelope.parse(JSON.parse(Buffer.from(leaf, 'base64url').toString('utf8')));
      if (!isWanted(event.type, type)) return;
      context.out(harmless(json ? JSON.stringify({ ...event, index }) : describeEvent({ event, index })));
    };
    await asOperator(context, async (requester) => {
      const { id: tenantId } = await requester.request(findTenant, { slug: slug ?? 'default' });
      const subject = `signet.events.v1.${tenantId}.>`;
      const { next } = await requester.request(rereadEntries, {
        after: { ordinal: end },
        subjects: [subject],
        limit: 1,
      });
      if (since !== undefined) {
        const asked = { tenantId, since, ...(type !== undefined && { type }), command: 'events-tail' };
        const past = await newest(requester, asked, mostOfThePast + 1);
        if (past.length > mostOfThePast)
          throw new CommandFailed(`more than ${mostOfThePast} events since then: export them`);
        // What came while it was read is followed.
        for (const entry of past.filter(({ ordinal }) => ordinal <= next).reverse()) show(entry);
      }
      for await (const entry of follow(requester, next, subject, ended.signal)) show(entry);
    });
  },
});
