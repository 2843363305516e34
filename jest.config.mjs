/** Unit and integration specs run from the TypeScript sources; the end-to-end specs drive the built processes. */
export default {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@signet/source', 'node', 'node-addons'] },
  testMatch: ['<rootDir>/{apps,libs,examples,tools}/**/*.spec.{ts,mjs}'],
  modulePathIgnorePatterns: ['/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  globalSetup: './libs/testing/jest/global-setup.mjs',
  globalTeardown: './libs/testing/jest/global-teardown.mjs',
  testTimeout: 20_000,
  // Modules of a suite stay in its worker's memory, and with gigabytes of them its garbage collection stops the tests for seconds.
  workerIdleMemoryLimit: '768MB',
  // Suites that share a NATS server may not run side by side.
  maxWorkers: process.env.TEST_NATS_URL || process.env.TEST_SERVICES === 'docker' ? 1 : 2,
};
