import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { readSignetFile } from '../configuration/read.js';
import { signetFileSchema } from './schema.js';

const atRoot = (name: string) => readFile(new URL(`../../../../${name}`, import.meta.url), 'utf8');

describe("the repository's signet.yaml", () => {
  it('is described by the JSON Schema in docs', async () => {
    expect(JSON.parse(await atRoot('docs/signet.schema.json'))).toEqual(JSON.parse(signetFileSchema()));
  });

  it('has no faults', async () => {
    expect(readSignetFile(await atRoot('signet.yaml'), {})).toMatchObject({ ok: true });
  });
});
