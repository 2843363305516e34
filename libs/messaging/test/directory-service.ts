import { Controller, Module, type DynamicModule, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { request } from '@signet/contracts';
import { z } from 'zod';
import {
  callContext,
  MeshError,
  NatsTransport,
  Serves,
  type CallContext,
  type NatsTransportOptions,
  type Requester,
} from '../src/index.js';

const errorCode = z.enum(['not_found', 'conflict', 'permission_denied', 'resource_exhausted']);

export const greet = request('directory', 'greeting', 'make', {
  request: z.strictObject({ name: z.string().min(1) }),
  response: z.object({ text: z.string().max(100_000) }),
  // Longer than a busy machine may stand still: what is lost is lost, however long one waits.
  timeout: 10_000,
});
export const refuse = request('directory', 'greeting', 'refuse', {
  request: z.object({ code: errorCode }),
  response: z.object({}),
});
export const explode = request('directory', 'greeting', 'explode', {
  request: z.object({ kind: z.enum(['bug', 'database', 'wrong-answer', 'huge-answer']) }),
  response: z.object({ n: z.number() }),
});
export const hold = request('directory', 'greeting', 'hold', {
  request: z.object({ n: z.number() }),
  response: z.object({ n: z.number() }),
  timeout: 10_000,
});
export const seen = request('directory', 'context', 'see', {
  request: z.object({}),
  response: z.object({ left: z.number(), traceparent: z.string().optional() }),
  timeout: 5_000,
});
export const relayed = request('directory', 'context', 'relay', {
  request: z.object({}),
  response: z.object({ left: z.number(), traceparent: z.string().optional() }),
  timeout: 3_000,
});

export class DatabaseAway extends Error {}

/** Lets the handlers of `hold` answer when the test says so. */
export class Gate {
  entered = 0;
  readonly signals: AbortSignal[] = [];
  /** What handlers of `greet` were given. */
  readonly received: unknown[] = [];
  #open: (() => void) | undefined;
  readonly opened = new Promise<void>((resolve) => (this.#open = resolve));

  open(): void {
    this.#open?.();
  }
}

function controllerOf(gate: Gate, requester?: Requester): new () => object {
  @Controller()
  class GreetingController {
    @Serves(greet)
    greet(input: { name: string }): { text: string } {
      gate.received.push(input);
      return { text: `Hello ${input.name}` };
    }

    @Serves(refuse)
    refuse({ code }: z.infer<typeof refuse.request>): never {
      throw new MeshError(code, `refused: ${code}`, { retry: 3 });
    }

    @Serves(explode)
    explode({ kind }: z.infer<typeof explode.request>): Promise<{ n: number }> {
      if (kind === 'bug') throw new TypeError('secret detail');
      if (kind === 'database') throw new DatabaseAway('connection refused at 10.0.0.7');
      if (kind === 'huge-answer') return Promise.resolve({ n: 1, padding: 'x'.repeat(600_000) });
      return Promise.resolve({ n: 'not a number' } as unknown as { n: number });
    }

    @Serves(hold)
    async hold({ n }: { n: number }, context: CallContext): Promise<{ n: number }> {
      gate.entered++;
      gate.signals.push(context.signal);
      await gate.opened;
      return { n };
    }

    @Serves(seen)
    see(): { left: number; traceparent?: string } {
      const context = callContext.getStore();
      if (!context) throw new Error('no context');
      const { deadline, traceparent } = context;
      return { left: deadline - Date.now(), ...(traceparent !== undefined && { traceparent }) };
    }

    @Serves(relayed)
    async relay(): Promise<{ left: number; traceparent?: string | undefined }> {
      if (!requester) throw new Error('no requester');
      return requester.request(seen, {});
    }
  }
  return GreetingController;
}

@Module({})
class GreetingModule {}

export interface RunningService {
  readonly gate: Gate;
  readonly transport: NatsTransport;
  readonly close: () => Promise<void>;
}

/** One replica, by the way that the real services start. */
export async function startDirectory(
  options: Omit<NatsTransportOptions, 'service'> & { requester?: Requester },
): Promise<RunningService> {
  const { requester, ...rest } = options;
  const gate = new Gate();
  const transport = new NatsTransport({ ...rest, service: 'directory' });
  const module: DynamicModule = { module: GreetingModule, controllers: [controllerOf(gate, requester)] };
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class
  const app: INestMicroservice = await NestFactory.createMicroservice(module, { strategy: transport, logger: false });
  await app.listen();
  return { gate, transport, close: () => app.close() };
}
