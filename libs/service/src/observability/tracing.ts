import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type ReadableSpan,
  type Sampler,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import type { ServiceName } from '@signet/contracts';
import type { Span, SpanAttributes, SpanKind as OurKind } from '@signet/messaging';
import type { TracingConfiguration } from '../configuration/tracing-settings.js';
import type { ServiceLogger } from './service-logger.js';
import type { ServiceSpans } from './service-spans.js';
import { parseTraceparent, traceparent } from './traceparent.js';

/** Milliseconds that a stop gives the collector for what it has not been sent yet. */
const flushLimit = 3_000;

const kinds: Readonly<Record<OurKind, SpanKind>> = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

/** The one file that knows OpenTelemetry; imported only where a collector is named. One per process, and no global of its API is set. */
export class Tracing {
  readonly #processor: BatchSpanProcessor;
  readonly #sampler: Sampler;

  constructor(configuration: TracingConfiguration, logger: Pick<ServiceLogger, 'warn' | 'info'>) {
    const exporter = new OTLPTraceExporter({ url: configuration.endpoint });
    this.#processor = new BatchSpanProcessor(new ToldExporter(exporter, logger));
    this.#sampler = samplerOf(configuration);
  }

  /** For one service, which is a `service.name` of its own whatever process it runs in. */
  of(service: ServiceName): ServiceSpans {
    const provider = new BasicTracerProvider({
      resource: defaultResource().merge(
        resourceFromAttributes({
          'service.name': `signet-${service}`,
          'service.namespace': 'signet',
          'service.instance.id': `${hostname()}:${process.pid}`,
        }),
      ),
      sampler: this.#sampler,
      idGenerator: {
        generateTraceId: () => randomBytes(16).toString('hex'),
        generateSpanId: () => randomBytes(8).toString('hex'),
      },
      spanProcessors: [this.#processor],
    });
    const tracer = provider.getTracer('signet');
    const start = (parent: Context, kind: OurKind, name: string, attributes?: SpanAttributes): Span => {
      const span = tracer.startSpan(name, { kind: kinds[kind], ...(attributes && { attributes }) }, parent);
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        traceparent: traceparent({ traceId, spanId, flags: traceFlags.toString(16).padStart(2, '0') }),
        end: ({ attributes: more, fault } = {}) => {
          if (more) span.setAttributes(more);
          if (fault !== undefined) {
            span.setAttribute('error.type', fault);
            span.setStatus({ code: SpanStatusCode.ERROR });
          }
          span.end();
        },
      };
    };
    return {
      enter: (parent, name, attributes) => start(contextOf(parent) ?? ROOT_CONTEXT, 'server', name, attributes),
      within: (parent, kind, name, attributes) => {
        // Whether a trace is collected was decided where it came in.
        const context = isCollected(parent) ? contextOf(parent) : undefined;
        return context && start(context, kind, name, attributes);
      },
    };
  }

  /** Sends what is left, for as long as `flushLimit`. Never rejects. */
  async stop(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, flushLimit)));
    const done = this.#processor.shutdown().catch(() => undefined);
    await Promise.race([done, late]);
    clearTimeout(timer);
  }
}

/** Says once that the collector does not take what it is sent, and once that it does again. What it does not take is lost. */
class ToldExporter implements SpanExporter {
  #failing = false;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly logger: Pick<ServiceLogger, 'warn' | 'info'>,
  ) {}

  export(spans: ReadableSpan[], done: Parameters<SpanExporter['export']>[1]): void {
    this.exporter.export(spans, (result) => {
      const failed = result.error !== undefined;
      if (failed && !this.#failing) this.logger.warn('traces.not_taken', { error: result.error });
      if (!failed && this.#failing) this.logger.info('traces.taken_again');
      this.#failing = failed;
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }
}

/** Bit 0 of the flags: sampled. */
const isCollected = (parent: string | undefined): boolean =>
  (Number.parseInt(parseTraceparent(parent)?.flags ?? '0', 16) & 1) === 1;

function contextOf(parent: string | undefined): Context | undefined {
  const parsed = parseTraceparent(parent);
  if (!parsed) return undefined;
  const { traceId, spanId, flags } = parsed;
  return trace.setSpanContext(ROOT_CONTEXT, {
    ...{ traceId, spanId, isRemote: true },
    traceFlags: Number.parseInt(flags, 16) & 1,
  });
}

function samplerOf({ sampler, ratio }: TracingConfiguration): Sampler {
  const root = sampler.endsWith('always_on')
    ? new AlwaysOnSampler()
    : sampler.endsWith('always_off')
      ? new AlwaysOffSampler()
      : new TraceIdRatioBasedSampler(ratio);
  return sampler.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}
