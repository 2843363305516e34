import { describe, expect, it } from '@jest/globals';
import { runWithContext } from '@signet/messaging';
import { ServiceLogger } from './service-logger.js';

function recording() {
  const lines: Record<string, unknown>[] = [];
  const logger = ServiceLogger.root('info', {
    write: (line) => {
      lines.push(JSON.parse(line) as Record<string, unknown>);
    },
  });
  return { logger, lines };
}

describe('ServiceLogger', () => {
  it('writes an event, its fields and the trace', () => {
    const { logger, lines } = recording();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    runWithContext({ traceparent, deadline: Date.now() + 1_000 }, () => {
      logger.child({ service: 'token' }).info('code.redeemed', { tenant: 'acme' });
    });
    logger.debug('unseen');
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        service: 'token',
        event: 'code.redeemed',
        tenant: 'acme',
        trace_id: '0af7651916cd43dd8448eb211c80319c',
        span_id: 'b7ad6b7169203331',
      },
    ]);
  });

  it('hides what stands under a secret’s name', () => {
    const { logger, lines } = recording();
    logger.error('leak', {
      password: 'swordfish',
      request: { headers: { authorization: 'swordfish', cookie: 'swordfish' }, client_secret: 'swordfish' },
    });
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain('swordfish');
  });

  it('tells an error with its causes', () => {
    const { logger, lines } = recording();
    logger.error('failed', { error: new Error('outer', { cause: new TypeError('inner') }) });
    expect(lines[0]).toMatchObject({ error: { message: 'outer', cause: { name: 'TypeError', message: 'inner' } } });
  });
});
