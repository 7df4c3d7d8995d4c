import { preset } from './jest.preset.mjs';

export default {
  ...preset,
  displayName: 'e2e',
  roots: ['<rootDir>/e2e'],
  testMatch: ['**/*.e2e.spec.ts'],
  testTimeout: 900_000,
  // A product alone keeps two cores busy: two at a time take longer than one after the other.
  maxWorkers: 1,
};
