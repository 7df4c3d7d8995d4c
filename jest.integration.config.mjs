import { preset } from './jest.preset.mjs';

export default {
  ...preset,
  displayName: 'integration',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools', '<rootDir>/regression'],
  testMatch: ['**/*.int.spec.ts'],
  testTimeout: 120_000,
  maxWorkers: 1,
};
