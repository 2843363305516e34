import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { eventsPage } from './events-catalogue.js';

it('docs/events.md is what `signet events catalogue` prints', async () => {
  expect(await readFile(new URL('../../../../docs/events.md', import.meta.url), 'utf8')).toBe(eventsPage());
});
