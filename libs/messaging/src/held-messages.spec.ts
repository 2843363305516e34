import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { JsMsg } from '@nats-io/jetstream';
import { ackWait, HeldMessages } from './held-messages.js';

class Message {
  pulses = 0;
  returned = false;
  working(): void {
    this.pulses++;
  }
  nak(): void {
    this.returned = true;
  }
}

async function hold(held: HeldMessages, messages: Message[]): Promise<void> {
  async function* source() {
    for (const message of messages) yield await Promise.resolve(message as unknown as JsMsg);
  }
  const holding = held.holding(source());
  while (!(await holding.next()).done);
}

describe('HeldMessages', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('says of what is worked on that it is, often enough that it does not come again', async () => {
    const held = new HeldMessages();
    const [slow, quick] = [new Message(), new Message()];
    await hold(held, [slow, quick]);
    held.settled([quick as unknown as JsMsg]);
    jest.advanceTimersByTime(ackWait);
    expect(slow.pulses).toBeGreaterThanOrEqual(2);
    expect(quick.pulses).toBe(0);
    held.release();
  });

  it('gives back what is left, and falls silent', async () => {
    const held = new HeldMessages();
    const message = new Message();
    await hold(held, [message]);
    held.release();
    expect(message.returned).toBe(true);
    jest.advanceTimersByTime(ackWait * 3);
    expect(message.pulses).toBe(0);
  });
});
