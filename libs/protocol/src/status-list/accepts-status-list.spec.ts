import { expect, it } from '@jest/globals';
import { acceptsStatusList } from './accepts-status-list.js';

// RFC 9110 section 12.5.1.
it.each<[string | undefined, boolean]>([
  [undefined, true],
  ['application/statuslist+jwt', true],
  ['Application/StatusList+JWT;q=0.2', true],
  ['application/statuslist+cwt, application/statuslist+jwt;q=0.5', true],
  ['application/*', true],
  ['text/html, */*;q=0.1', true],
  ['application/statuslist+cwt', false],
  ['application/statuslist+jwt;q=0, */*', false],
  ['text/html', false],
  ['', false],
  ['application/statuslist+jwt;q=x', false],
])('Accept: %s', (accept, acceptable) => {
  expect(acceptsStatusList(accept)).toBe(acceptable);
});
