import { readFileSync } from 'node:fs';

// One swc configuration for tests and for the loader of `npm start`; swcrc:false keeps @swc/jest from merging it twice.
const swc = JSON.parse(readFileSync(new URL('./.swcrc', import.meta.url), 'utf8'));

export const preset = {
  testEnvironment: 'node',
  // Workspace libraries resolve to their sources, so that tests need no build.
  testEnvironmentOptions: { customExportConditions: ['@paceline/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
};
