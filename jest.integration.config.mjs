import preset from './jest.preset.mjs';

// Real Kafka, registry, engine, HTTP. One stack for the run (globalSetup), one spec file at a time.
export default {
  ...preset,
  displayName: 'integration',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools', '<rootDir>/regression'],
  testMatch: ['**/*.int.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  globalSetup: '<rootDir>/libs/testing/src/integration-setup.ts',
  globalTeardown: '<rootDir>/libs/testing/src/integration-teardown.ts',
  testTimeout: 120_000,
  maxWorkers: 1,
};
