import { describe, expect, it } from '@jest/globals';
import { newId, tenantId } from '@signet/contracts';
import type { OutboundResult } from '@signet/service';
import { aDeclaredClient } from '../../test/declarations.js';
import { Logos } from './logos.js';

type Answer = OutboundResult<Uint8Array>;

/** Pictures that come when they are told to. */
function make() {
  const under: ((answer: Answer) => void)[] = [];
  const asked: string[] = [];
  const logos = new Logos({
    database: { first: () => Promise.resolve(undefined), run: () => Promise.resolve(undefined as never) },
    events: { make: () => ({}) as never },
    outbound: {
      bytes: (uri) => {
        asked.push(uri);
        return new Promise<Answer>((resolve) => under.push(resolve));
      },
    },
    logger: {
      warn: (event) => {
        throw new Error(event);
      },
    },
  });
  return { logos, under, asked };
}

const tenant = newId(tenantId);
const client = (index: number) => ({
  ...aDeclaredClient({ logoUri: `https://shop.example/${index}` }),
  ...{ tenantId: tenant, clientId: `c${index}`, version: 1 },
});

describe('Logos', () => {
  it('has at most twenty fetches under way, and fetches the others when they are asked for again', async () => {
    const { logos, under, asked } = make();
    const slow = Array.from({ length: 20 }, (_, index) => logos.ensure(client(index)));
    await logos.ensure(client(20));
    expect(new Set(asked).size).toBe(20);
    for (const answer of under.splice(0)) answer({ ok: false, fault: 'deadline' });
    await Promise.all(slow);
    const again = logos.ensure(client(20));
    await Promise.resolve();
    under[0]?.({ ok: false, fault: 'status' });
    await again;
    expect(asked.at(-1)).toBe('https://shop.example/20');
  });
});
