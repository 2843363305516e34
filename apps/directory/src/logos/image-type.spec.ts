import { describe, expect, it } from '@jest/globals';
import { imageTypeOf } from './image-type.js';

describe('imageTypeOf', () => {
  it.each([
    ['image/png', '\x89PNG\r\n\x1a\n\0\0'],
    ['image/jpeg', '\xff\xd8\xff\xe0'],
    ['image/gif', 'GIF89a..'],
    ['image/gif', 'GIF87a..'],
    ['image/webp', 'RIFF\x10\0\0\0WEBPVP8 '],
    [undefined, 'RIFF\x10\0\0\0WAVEfmt '],
    [undefined, '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    [undefined, '<html>GIF89a'],
    [undefined, '\x89PNG'],
    [undefined, ''],
  ])('%s', (type, bytes) => {
    expect(imageTypeOf(Buffer.from(bytes, 'latin1'))).toBe(type);
  });
});
