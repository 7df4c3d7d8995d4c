// Nx plugin: gives every project the target `test`, its unit specs as the unit tier runs them (`npx nx test domain`).
import { dirname } from 'node:path';

const specsOf = (folder) => ({ command: `jest -c jest.unit.config.mjs ${folder}/` });

export const name = 'nx-tests';

export const createNodes = [
  '{apps,libs,tools}/**/package.json',
  (files) => files.map((file) => [file, { projects: { [dirname(file)]: { targets: { test: specsOf(dirname(file)) } } } }]),
];
