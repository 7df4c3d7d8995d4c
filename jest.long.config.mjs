import { preset } from './jest.preset.mjs';

export default {
  ...preset,
  displayName: 'long',
  roots: ['<rootDir>/e2e', '<rootDir>/regression'],
  testMatch: ['**/*.long.spec.ts'],
  testTimeout: 3_600_000,
  maxWorkers: 1,
};
