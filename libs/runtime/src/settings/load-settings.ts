import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { closestName } from '../closest-name.ts';
import { accountSchema } from './account-settings.ts';
import type { TextSources } from './external-text.ts';
import { knownSettings } from './json-schema.ts';
import { lineOf, settingAt, type Path } from './setting-path.ts';
import { crossProblems, type LenientSettings } from './settings-checks.ts';
import { completeSettings, settingsSchema, type Settings } from './settings-schema.ts';
import { settingsWarnings } from './settings-warnings.ts';
import { sourceSchema } from './source-settings.ts';

export type SettingsResult =
  | { readonly ok: true; readonly settings: Settings; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] };

type Issue = z.core.$ZodIssue;
type Found = { readonly path: Path; readonly message: string };

const asPath = (path: readonly PropertyKey[]): Path => path.map((part) => (typeof part === 'number' ? part : String(part)));

function unknownKeys(path: Path, keys: readonly string[]): Found[] {
  return keys.map((key) => {
    const meant = closestName(key, knownSettings(path));
    return { path: [...path, key], message: `unknown setting${meant === undefined ? '' : `; did you mean ${meant}?`}` };
  });
}

/** Of a union, the branch that understood the shape and says what to do; else the union's own message. */
function ofUnion(path: Path, issue: Issue & { code: 'invalid_union' }): Found[] {
  const told = issue.errors.find((branch) => branch.length > 0 && branch.every((inner) => inner.code === 'custom'));
  if (told === undefined) return [{ path, message: issue.message }];
  return told.map((inner) => ({ path: [...path, ...asPath(inner.path)], message: inner.message }));
}

function foundIn(issue: Issue): Found[] {
  const path = asPath(issue.path);
  if (issue.code === 'unrecognized_keys') return unknownKeys(path, issue.keys);
  if (issue.code === 'invalid_union') return ofUnion(path, issue);
  return [{ path, message: issue.message }];
}

const records = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.map((item: unknown) => (typeof item === 'object' && item !== null ? { ...item } : {})) : [];

function lenient(raw: unknown, sources: TextSources): LenientSettings {
  const top = (typeof raw === 'object' && raw !== null ? raw : {}) as Record<string, unknown>;
  const read = (schema: z.ZodType) => (item: Record<string, unknown>) => {
    const parsed = schema.safeParse(item);
    return parsed.success ? (parsed.data as Record<string, unknown>) : item;
  };
  return {
    accounts: records(top['accounts']).map(read(accountSchema(sources))),
    sources: records(top['sources']).map(read(sourceSchema(sources))),
  };
}

interface Place {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

function show(found: Found, { file, document, lines }: Place): { line: number; text: string } {
  const line = lineOf(document, lines, found.path);
  const setting = settingAt(found.path);
  const at = `${file}${line === undefined ? '' : `:${line}`}`;
  return { line: line ?? 0, text: setting === '' ? `${at}: ${found.message}` : `${at} ${setting}: ${found.message}` };
}

function inOrder(found: readonly Found[], place: Place): string[] {
  const shown = found.map((problem) => show(problem, place)).sort((a, b) => a.line - b.line);
  return [...new Set(shown.map((problem) => problem.text))];
}

function check(place: Place, sources: TextSources): SettingsResult {
  // Never yaml's pretty messages: they quote the line, which may hold a secret.
  const broken = place.document.errors.map(
    (error) => `${place.file}:${place.lines.linePos(error.pos[0]).line}: not valid YAML: ${error.message}`,
  );
  if (broken.length > 0) return { ok: false, problems: broken };
  const raw: unknown = place.document.toJS();
  const parsed = settingsSchema(sources).safeParse(raw ?? {});
  const own = parsed.success ? [] : parsed.error.issues.flatMap(foundIn);
  const taken = new Set(own.map((problem) => settingAt(problem.path)));
  const cross = crossProblems(lenient(raw, sources)).filter((problem) => !taken.has(settingAt(problem.path)));
  const problems = inOrder([...own, ...cross], place);
  if (parsed.success && problems.length === 0) {
    return { ok: true, settings: completeSettings(parsed.data), warnings: inOrder(settingsWarnings(parsed.data, raw), place) };
  }
  return { ok: false, problems };
}

/**
 * Reads and checks paceline.yaml: either all settings, complete, with what is hardly meant as warnings, or every problem
 * at once; one line each with file, line and setting. None repeats a text of the file, since it may be a secret.
 */
export function loadSettings(path: string, env: Readonly<Record<string, string | undefined>> = process.env): SettingsResult {
  const file = basename(path);
  const sources: TextSources = { env, folder: dirname(resolve(path)), readFile: (name) => readFileSync(name, 'utf8') };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    return { ok: false, problems: [`${file}: cannot be read at ${resolve(path)} (${code}); create it or set PACELINE_SETTINGS`] };
  }
  const lines = new LineCounter();
  return check({ file, document: parseDocument(text, { lineCounter: lines, prettyErrors: false }), lines }, sources);
}
