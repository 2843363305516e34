import { beforeAll, describe, expect, it } from '@jest/globals';

import { lintTexts } from './lint-texts.mjs';

const cases = [
  {
    rule: 'a service imports no other service and reaches into no library',
    file: 'apps/authn/src/index.ts',
    imports: ['@signet/service', '@signet/token', '../../../libs/keys/src/index.js'],
    refused: ['@signet/token', '../../../libs/keys/src/index.js'],
  },
  {
    rule: 'the protocol stands alone',
    file: 'libs/protocol/src/index.ts',
    imports: ['@signet/contracts', '@signet/persistence', 'zod'],
    refused: ['@signet/contracts', '@signet/persistence'],
  },
  {
    rule: 'an example knows nothing of the inside',
    file: 'examples/relying-party/src/main.ts',
    imports: ['@signet/protocol', 'openid-client'],
    refused: ['@signet/protocol'],
  },
];

describe('the boundaries between projects', () => {
  let found;
  beforeAll(() => {
    const texts = cases.map(({ file, imports }) => ({
      file,
      text: imports.map((name) => `import '${name}';`).join('\n'),
    }));
    found = lintTexts('@nx/enforce-module-boundaries', texts);
  }, 180_000);

  it.each(cases.map(({ rule }, index) => [rule, index]))('%s', (_, index) => {
    const { imports, refused } = cases[index];
    expect(found[index].map((line) => imports[line - 1])).toEqual(refused);
  });
});
