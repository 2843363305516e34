import everything from '../../jest.config.mjs';

const { globalSetup: _servers, globalTeardown: _ended, ...others } = everything;

/** What stands in containers, which tools/test-containers.mjs has started: no servers of the tests' own. */
export default { ...others, testMatch: ['<rootDir>/apps/e2e/test/containers/*.containers.ts'], maxWorkers: 1 };
