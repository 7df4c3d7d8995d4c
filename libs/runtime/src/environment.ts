import { readFileSync } from 'node:fs';
import type { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

export type EnvironmentResult<C> =
  | { readonly ok: true; readonly config: C }
  | { readonly ok: false; readonly problems: readonly string[]; readonly partial: Readonly<Record<string, unknown>> };

interface Field {
  readonly description?: string;
  safeParse(value: unknown): { success: boolean; data?: unknown };
}

/** The variables a schema names; a refined or piped object still shows them, another schema shows none. */
function fieldsOf(schema: z.ZodType): Readonly<Record<string, Field>> {
  const def = (schema as unknown as { def: { shape?: Record<string, Field>; in?: z.ZodType } }).def;
  if (def.shape !== undefined) return def.shape;
  return def.in === undefined ? {} : fieldsOf(def.in);
}

interface Gathered {
  readonly values: Record<string, string>;
  readonly problems: string[];
}

function gather(names: readonly string[], env: Environment): Gathered {
  const gathered: Gathered = { values: {}, problems: [] };
  for (const name of names) {
    const [value, file] = [env[name] ?? '', env[`${name}_FILE`] ?? ''];
    if (value !== '' && file !== '') gathered.problems.push(`${name}: set either ${name} or ${name}_FILE, not both`);
    else if (value !== '') gathered.values[name] = value;
    else if (file !== '') readInto(gathered, name, file);
  }
  return gathered;
}

function readInto(gathered: Gathered, name: string, file: string): void {
  try {
    const text = readFileSync(file, 'utf8').trim();
    if (text === '') gathered.problems.push(`${name}_FILE: the file ${file} is empty`);
    else gathered.values[name] = text;
  } catch (error) {
    gathered.problems.push(`${name}_FILE: the file ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`);
  }
}

type Issue = z.core.$ZodIssue;

function told(issue: Issue, name: string, about: { readonly field: Field | undefined; readonly set: boolean }): string {
  const description = about.field?.description;
  if (!about.set) return description === undefined ? `${name}: not set` : `${name}: not set; give ${description}`;
  return description === undefined ? `${name}: ${issue.message}` : `${name}: ${issue.message} (${description})`;
}

function toldAll(issues: readonly Issue[], gathered: Gathered, fields: Readonly<Record<string, Field>>): string[] {
  const broken = new Set(gathered.problems.map((problem) => problem.slice(0, problem.indexOf(':')).replace(/_FILE$/, '')));
  const problems = issues
    .map((issue) => ({ issue, name: String(issue.path[0] ?? 'environment') }))
    .filter(({ name }) => !broken.has(name))
    .map(({ issue, name }) => told(issue, name, { field: fields[name], set: gathered.values[name] !== undefined }));
  return [...new Set([...gathered.problems, ...problems])];
}

/**
 * Reads what a schema names from the environment: NAME, or the trimmed content of the file NAME_FILE. An empty variable
 * counts as not set. Either the whole configuration, or every problem, one line each; never a value.
 */
export function readEnvironment<C extends object>(schema: z.ZodType<C>, env: Environment = process.env): EnvironmentResult<C> {
  const fields = fieldsOf(schema);
  const gathered = gather(Object.keys(fields), env);
  const parsed = schema.safeParse(gathered.values);
  if (parsed.success && gathered.problems.length === 0) return { ok: true, config: parsed.data };
  const problems = toldAll(parsed.error?.issues ?? [], gathered, fields);
  return { ok: false, problems, partial: readable(fields, gathered.values) };
}

function readable(fields: Readonly<Record<string, Field>>, values: Readonly<Record<string, string>>): Record<string, unknown> {
  const parsed = Object.entries(fields).map(([name, field]) => [name, field.safeParse(values[name])] as const);
  return Object.fromEntries(
    parsed.filter(([, result]) => result.success && result.data !== undefined).map(([name, result]) => [name, result.data]),
  );
}
