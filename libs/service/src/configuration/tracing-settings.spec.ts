import { describe, expect, it } from '@jest/globals';
import { loadConfiguration, type Configuration } from './configuration.js';

const urls = { DATABASE_URL: 'postgres://localhost/a', NATS_URL: 'nats://localhost' };

function load(env: Record<string, string>): Configuration['tracing'] {
  const loaded = loadConfiguration({ ...urls, ...env });
  if ('faults' in loaded) throw new Error(loaded.faults.map(({ name, reason }) => `${name} ${reason}`).join('\n'));
  return loaded.ok.tracing;
}

describe('tracing', () => {
  it('is off where no collector is named, whatever else is', () => {
    expect(load({})).toBeUndefined();
    expect(load({ OTEL_TRACES_SAMPLER: 'always_on' })).toBeUndefined();
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, 'http://collector:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector/otlp/' }, 'https://collector/otlp/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector/here' }, 'http://collector/here'],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://b/traces' },
      'http://b/traces',
    ],
  ])('%j: to %s, all traces that the caller does not say otherwise of', (env, endpoint) => {
    expect(load(env)).toEqual({ endpoint, sampler: 'parentbased_always_on', ratio: 1 });
  });

  it('takes the sampler and its ratio', () => {
    const env = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.05' };
    expect(load({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a', ...env })).toMatchObject({
      sampler: 'parentbased_traceidratio',
      ratio: 0.05,
    });
  });

  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector/?key=a'],
    ['OTEL_TRACES_SAMPLER', 'sometimes'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
    ['OTEL_TRACES_SAMPLER_ARG', '5%'],
  ])('%s=%s is a fault', (name, value) => {
    expect(() => load({ [name]: value })).toThrow(name);
  });
});
