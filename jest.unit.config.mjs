import preset from './jest.preset.mjs';

// All unit specs of the workspace in one worker pool: on two cores one process beats twenty.
export default {
  ...preset,
  displayName: 'unit',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools', '<rootDir>/deploy'],
  testMatch: ['**/*.spec.ts'],
  maxWorkers: 2,
};
