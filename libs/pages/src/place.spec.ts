import { expect, it } from '@jest/globals';
import { placeOf } from './place.js';

it.each([
  ['https://shop.example/callback', 'shop.example'],
  ['https://shop.example:8443/callback?a=b', 'shop.example:8443'],
  ['http://127.0.0.1:4000/callback', '127.0.0.1:4000'],
  ['com.example.app:/callback', 'com.example.app'],
  ['com.evil.app://shop.example/callback', 'com.evil.app'],
  ['shop', 'shop'],
])('the place of %s is %s', (uri, place) => {
  expect(placeOf(uri)).toBe(place);
});
