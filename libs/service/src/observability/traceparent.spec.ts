import { describe, expect, it } from '@jest/globals';
import { childSpan, parseTraceparent, traceparent } from './traceparent.js';

const trace = '0af7651916cd43dd8448eb211c80319c';
const span = 'b7ad6b7169203331';

describe('parseTraceparent', () => {
  it.each([
    [`00-${trace}-${span}-01`, true],
    [`00-${trace}-${span}-00`, true],
    [`cc-${trace}-${span}-01-what-the-future-brings`, true],
    [`00-${trace}-${span}-01-more`, false],
    [`ff-${trace}-${span}-01`, false],
    [`00-${'0'.repeat(32)}-${span}-01`, false],
    [`00-${trace}-${'0'.repeat(16)}-01`, false],
    [`00-${trace.toUpperCase()}-${span}-01`, false],
    [`00-${trace}-${span}`, false],
    [`cc-${trace}-${span}-01-${'x'.repeat(200)}`, false],
    ['', false],
    [undefined, false],
  ])('%s: %s', (header, sound) => {
    expect(parseTraceparent(header) !== undefined).toBe(sound);
  });
});

describe('childSpan', () => {
  it('is another span of the same trace', () => {
    const parent = parseTraceparent(`00-${trace}-${span}-01`);
    const child = childSpan(parent);
    expect(child).toMatchObject({ traceId: trace, flags: '01' });
    expect(child.spanId).not.toBe(span);
    expect(parseTraceparent(traceparent(child))).toEqual(child);
  });

  it('begins a trace where there is none', () => {
    const first = childSpan(undefined);
    expect(parseTraceparent(traceparent(first))).toEqual(first);
    expect(childSpan(undefined).traceId).not.toBe(first.traceId);
  });
});
