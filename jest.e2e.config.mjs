import { preset } from './jest.preset.mjs';

export default {
  ...preset,
  displayName: 'e2e',
  roots: ['<rootDir>/e2e'],
  testMatch: ['**/*.e2e.spec.ts'],
  testTimeout: 900_000,
  // Each waits for its own product most of the time; folders and ports are its own.
  maxWorkers: 2,
};
