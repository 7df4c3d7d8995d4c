import { resolve } from 'node:path';
import { z } from 'zod';
import { Secret } from '../secret.ts';

/** Where `${env:NAME}` and `{file: path}` are looked up. `readFile` throws when the file cannot be read. */
export interface TextSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths start here: the folder of the settings file. */
  readonly folder: string;
  readFile(path: string): string;
}

const HINT = 'give a text, ${env:NAME} or {file: path}';
const ENV = /^\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}$/;

type Looked = { readonly text: string } | { readonly problem: string };

function fromFile(file: string, sources: TextSources): Looked {
  const path = resolve(sources.folder, file);
  try {
    const text = sources.readFile(path).trim();
    return text === '' ? { problem: `the file ${path} is empty` } : { text };
  } catch (error) {
    return { problem: `the file ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})` };
  }
}

function look(value: string | { file: string }, sources: TextSources): Looked {
  if (typeof value !== 'string') return fromFile(value.file, sources);
  const name = ENV.exec(value.trim())?.[1];
  if (name === undefined) return value.trim() === '' ? { problem: HINT } : { text: value.trim() };
  const text = sources.env[name]?.trim() ?? '';
  return text === '' ? { problem: `set the environment variable ${name}` } : { text };
}

/** A text that may live outside the settings file; messages never repeat what was found. */
export function externalText(sources: TextSources) {
  return z.union([z.string(), z.strictObject({ file: z.string().min(1) })], { error: HINT }).transform((value, context) => {
    const looked = look(value, sources);
    if ('text' in looked) return looked.text;
    context.addIssue({ code: 'custom', message: looked.problem });
    return z.NEVER;
  });
}

/** The same, wrapped so that it cannot be printed. */
export const externalSecret = (sources: TextSources) => externalText(sources).transform((text) => new Secret(text));
