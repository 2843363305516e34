import { describe, expect, it } from '@jest/globals';
import { checkContext } from '../../../test/check-context.js';
import { checkDisplay } from './display.js';

describe('checkDisplay', () => {
  it.each([
    ['page', 'page'],
    ['popup', 'popup'],
    ['touch', 'touch'],
    ['wap', 'wap'],
    ['hologram', undefined],
    ['POPUP', undefined],
    [undefined, undefined],
  ])('reads %s as %s, and refuses nothing', (display, value) => {
    expect(checkDisplay(checkContext({ display }))).toEqual({ ok: true, value });
  });
});
