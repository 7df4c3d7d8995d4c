import type { Rule } from 'eslint';

export declare const labelEveryAwait: Rule.RuleModule;
