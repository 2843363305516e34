import { NotFoundException, PayloadTooLargeException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { MeshError } from '@signet/messaging';
import { ClockUnknown, Conflict, DatabaseUnavailable, OutboxFull } from '@signet/persistence';
import { Overloaded } from '../passwords/overloaded.js';
import { classify, meshErrorOf, MethodNotAllowed, RateLimited, UnsupportedMediaType } from './failure.js';

describe('classify', () => {
  it.each<[unknown, number, string, number | undefined]>([
    [new DatabaseUnavailable('gone'), 503, 'temporarily_unavailable', 1],
    [new ClockUnknown(), 503, 'temporarily_unavailable', 1],
    [new OutboxFull(), 503, 'temporarily_unavailable', 10],
    [new Overloaded('it'), 503, 'temporarily_unavailable', 1],
    [new MeshError('unavailable', 'x'), 503, 'temporarily_unavailable', 1],
    [new MeshError('deadline_exceeded', 'x'), 503, 'temporarily_unavailable', 1],
    [new RateLimited(7), 429, 'temporarily_unavailable', 7],
    [new NotFoundException(), 404, 'not_found', undefined],
    [new PayloadTooLargeException(), 413, 'invalid_request', undefined],
    [new UnsupportedMediaType('x'), 415, 'invalid_request', undefined],
    [new MethodNotAllowed('x'), 405, 'invalid_request', undefined],
    [
      Object.assign(new Error('x'), { code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE', statusCode: 415 }),
      415,
      'invalid_request',
      undefined,
    ],
  ])('%s', (thrown, status, code, retryAfterSeconds) => {
    expect(classify(thrown)).toMatchObject({
      status,
      code,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });
  });

  it.each([
    new Error('x'),
    new Conflict('x'),
    new MeshError('invalid_argument', 'x'),
    new MeshError('internal', 'x'),
    // Whatever a library says of its own status, a bug is a bug.
    Object.assign(new Error('x'), { statusCode: 404 }),
    'text',
    undefined,
  ])('takes %s for a bug', (thrown) => {
    expect(classify(thrown)).toBeUndefined();
  });
});

describe('meshErrorOf', () => {
  it('is unavailable for what may be repeated, and nothing else', () => {
    expect(meshErrorOf(new DatabaseUnavailable('gone'))).toMatchObject({ code: 'unavailable' });
    expect(meshErrorOf(new DatabaseUnavailable('gone'))?.message).not.toContain('gone');
    expect(meshErrorOf(new Error('x'))).toBeUndefined();
    expect(meshErrorOf(new RateLimited(1))).toBeUndefined();
  });
});
