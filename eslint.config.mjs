import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import { labelEveryAwait } from './tools/eslint/label-every-await.mjs';

const pure = ['type:contracts', 'type:domain'];

/** Of Node, what hand-written scripts use; the compiler knows it for TypeScript. */
const scriptGlobals = [
  'Buffer',
  'URL',
  'URLSearchParams',
  'clearInterval',
  'console',
  'performance',
  'process',
  'setInterval',
  'setTimeout',
];

const unsafe = ['argument', 'assignment', 'call', 'member-access', 'return'].map((use) => `@typescript-eslint/no-unsafe-${use}`);
const off = (rules) => Object.fromEntries(rules.map((rule) => [rule, 'off']));

export default tseslint.config(
  { ignores: ['**/dist/**', '**/coverage/**', '**/generated/**', '**/node_modules/**'] },
  ...nx.configs['flat/base'],
  {
    files: ['**/*.ts', '**/*.mjs'],
    extends: [js.configs.recommended, ...tseslint.configs.recommendedTypeChecked],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 40 }],
      complexity: ['error', 8],
      'max-depth': ['error', 3],
      'max-params': ['error', 3],
      eqeqeq: ['error', 'always'],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme'] }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'No default export: names are greppable.' },
        { selector: 'ExportAllDeclaration[exportKind!="type"]', message: 'No export * barrel: re-export by name.' },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          // What knows how sources are run has no package: it works before any is installed.
          allow: ['/source-command\\.mjs$'],
          depConstraints: [
            { sourceTag: 'type:contracts', onlyDependOnLibsWithTags: ['type:contracts'] },
            { sourceTag: 'type:domain', onlyDependOnLibsWithTags: pure, bannedExternalImports: ['@nestjs/*', 'kafkajs', 'undici', 'pino'] },
            { sourceTag: 'type:pipeline', onlyDependOnLibsWithTags: ['type:contracts'], bannedExternalImports: ['kafkajs', '@nestjs/*'] },
            { sourceTag: 'type:runtime', onlyDependOnLibsWithTags: ['type:contracts', 'type:runtime'] },
            { sourceTag: 'type:adapter', onlyDependOnLibsWithTags: [...pure, 'type:pipeline'] },
            { sourceTag: 'type:tools', onlyDependOnLibsWithTags: ['type:contracts', 'type:tools'] },
            { sourceTag: 'type:app', onlyDependOnLibsWithTags: [...pure, 'type:pipeline', 'type:runtime', 'type:adapter', 'type:tools'] },
            {
              sourceTag: 'type:testing',
              onlyDependOnLibsWithTags: [...pure, 'type:pipeline', 'type:runtime', 'type:adapter', 'type:tools'],
            },
          ],
        },
      ],
    },
  },
  {
    files: ['libs/domain/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'performance', 'Buffer'],
      'no-restricted-imports': ['error', { patterns: ['node:*'] }],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'The domain is told the time.' },
        { object: 'Math', property: 'random', message: 'The domain is given its randomness.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'The domain is told the time.' },
        { selector: 'ExportDefaultDeclaration', message: 'No default export.' },
        { selector: 'ExportAllDeclaration[exportKind!="type"]', message: 'No export * barrel.' },
      ],
    },
  },
  {
    // Scripts run as they are written, without types: what needs them is not asked.
    files: ['**/*.mjs'],
    languageOptions: { globals: Object.fromEntries(scriptGlobals.map((name) => [name, 'readonly'])) },
    rules: { ...off(unsafe), 'no-undef': 'error' },
  },
  {
    // Jest and ESLint take the default export of their configuration.
    files: ['*.config.mjs'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // What runs between a claim and its close: the transaction that claims, the call, the record of its end.
    files: [
      'apps/sender/src/{slot-task,slot-disposal,claim-firer,claim-closer,call-runner,calls-under-way,response-outbox,firing-line}.ts',
      'libs/adapters/kafka/src/commit-transaction.ts',
    ],
    plugins: { paceline: { rules: { 'label-every-await': labelEveryAwait } } },
    rules: { 'paceline/label-every-await': 'error' },
  },
  {
    files: ['**/*.spec.ts', '**/*.suite.ts', 'libs/testing/**/*.ts'],
    rules: off([
      'max-lines-per-function',
      'complexity',
      '@typescript-eslint/no-unsafe-assignment',
      '@typescript-eslint/no-unsafe-member-access',
    ]),
  },
  prettier,
);
