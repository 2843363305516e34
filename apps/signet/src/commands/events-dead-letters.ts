import { deadLetters } from '@signet/messaging';
import { command } from '../command.js';
import { harmless } from '../harmless.js';
import { overNats } from '../operator.js';

/** Bytes of a message that are shown. */
const shownBytes = 4_096;

export const eventsDeadLetters = command({
  words: ['events', 'dead-letters'],
  summary: 'Lists what the services found in the stream and could not read, the oldest first.',
  usage: '[--json]',
  options: { json: { type: 'boolean', default: false } },
  run: async ({ json }, context) => {
    await overNats(context, async (connection) => {
      for await (const { at, consumer, subject, reason, data } of deadLetters(connection)) {
        const text = Buffer.from(data).subarray(0, shownBytes).toString('utf8');
        const letter = { time: at.toISOString(), consumer, subject, reason, data: text };
        context.out(harmless(json ? JSON.stringify(letter) : `${letter.time}  ${consumer}  ${subject}  ${reason}`));
      }
    });
  },
});
