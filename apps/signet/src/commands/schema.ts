import { localizedName } from '@signet/protocol';
import { z } from 'zod';
import { command } from '../command.js';
import { signetFile } from '../configuration/schema.js';

/** The JSON Schema of signet.yaml (draft 2020-12), for editors. */
export function signetFileSchema(): string {
  const schema = z.toJSONSchema(signetFile, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      const { properties } = jsonSchema;
      if (properties?.['localized'] === undefined) return;
      // In the file each language is a member of its own: `client_name#fr`.
      delete properties['localized'];
      jsonSchema.patternProperties = { [localizedName.source]: { type: 'string' } };
    },
  });
  return `${JSON.stringify({ title: 'signet.yaml', ...schema }, undefined, 2)}\n`;
}

export const schema = command({
  words: ['schema'],
  summary: 'Prints the JSON Schema of signet.yaml, for editors.',
  options: {},
  run: (_, { out }) => {
    out(signetFileSchema().trimEnd());
    return Promise.resolve();
  },
});
