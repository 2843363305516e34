import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

import { guardedHandlers } from './tools/guarded-handlers.mjs';

/** Dependencies run one way; a layer may use itself only where that is listed. */
const layers = {
  protocol: ['protocol'],
  pure: ['protocol', 'pure'],
  contracts: ['protocol', 'pure'],
  seam: ['protocol', 'pure', 'contracts'],
  kit: ['protocol', 'pure', 'contracts', 'seam'],
  app: ['protocol', 'pure', 'contracts', 'seam', 'kit', 'test'],
  composition: ['protocol', 'pure', 'contracts', 'seam', 'kit', 'app', 'test'],
  test: ['protocol', 'pure', 'contracts', 'seam', 'kit'],
  e2e: ['contracts', 'pure', 'test'],
  example: [],
};

const depConstraints = Object.entries(layers).map(([layer, allowed]) => ({
  sourceTag: `layer:${layer}`,
  onlyDependOnLibsWithTags: allowed.map((tag) => `layer:${tag}`),
}));

const outboundRule = 'What lies outside is fetched by OutboundFetch (libs/service) alone.';

/** Servers are made of these modules too; what makes a request is not imported. */
const clientsOfHttp = [
  ...['http', 'https', 'node:http', 'node:https'].map((name) => ({
    name,
    importNames: ['default', 'request', 'get', 'Agent', 'globalAgent', 'ClientRequest'],
    message: outboundRule,
  })),
  ...['http2', 'node:http2', 'undici'].map((name) => ({ name, message: outboundRule })),
];

export default tseslint.config(
  { ignores: ['**/dist', '**/node_modules', '.nx', '.data', 'artifacts', 'coverage'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: ['./tsconfig.spec.json'], tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx, signet: { rules: { 'guarded-handlers': guardedHandlers } } },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          allow: [],
          // In the one script a program loads its services when it is asked for; elsewhere it is all there from the start.
          checkDynamicDependenciesExceptions: ['@signet/.*'],
          depConstraints,
        },
      ],
      'signet/guarded-handlers': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'The environment is read by configuration alone (libs/service).',
        },
        {
          selector: "MemberExpression[object.name='globalThis'][property.name='fetch']",
          message: outboundRule,
        },
      ],
      'no-restricted-globals': [
        'error',
        ...['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'].map((name) => ({ name, message: outboundRule })),
      ],
      'no-restricted-imports': ['error', { paths: clientsOfHttp }],
    },
  },
  { files: ['libs/service/src/outbound/outbound-fetch.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: [
      '**/*.spec.ts',
      'apps/*/test/**/*.ts',
      'libs/*/test/**/*.ts',
      'libs/testing/**/*.ts',
      'apps/e2e/**/*.ts',
      'examples/**/*.ts',
      'bench/**/*.ts',
    ],
    rules: { 'no-restricted-syntax': 'off', 'no-restricted-globals': 'off', 'no-restricted-imports': 'off' },
  },
);
