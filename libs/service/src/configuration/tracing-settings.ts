import { z } from 'zod';

/** As OpenTelemetry's specification names them. */
export const samplers = [
  ...['always_on', 'always_off', 'traceidratio'],
  ...['parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'],
] as const;

export interface TracingConfiguration {
  /** URL that spans are posted to. */
  readonly endpoint: string;
  readonly sampler: string;
  /** Of traces that begin here, for a sampler by ratio. */
  readonly ratio: number;
}

export const collector = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .refine((url) => !/[?#]/.test(url), 'must have no query');

export const sampler = z
  .string()
  .refine((name) => samplers.some((one) => one === name), `must be one of ${samplers.join(', ')}`);

export const ratio = z
  .string()
  .regex(/^(?:0(?:\.\d+)?|1(?:\.0+)?)$/, 'must be a number from 0 to 1')
  .transform(Number);

export interface TracingValues {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  readonly OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string | undefined;
  readonly OTEL_TRACES_SAMPLER?: string | undefined;
  readonly OTEL_TRACES_SAMPLER_ARG?: number | undefined;
}

/** OpenTelemetry, "OTLP Exporter Configuration": the endpoint of traces is taken as it is, the common one as a base. */
export function tracingOf(values: TracingValues): TracingConfiguration | undefined {
  const base = values.OTEL_EXPORTER_OTLP_ENDPOINT;
  const endpoint =
    values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ??
    (base === undefined ? undefined : `${base.replace(/\/$/, '')}/v1/traces`);
  if (endpoint === undefined) return undefined;
  const { OTEL_TRACES_SAMPLER: name = 'parentbased_always_on', OTEL_TRACES_SAMPLER_ARG: given = 1 } = values;
  return { endpoint, sampler: name, ratio: given };
}
