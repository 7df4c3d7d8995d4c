import { z } from 'zod';

const schema = z.strictObject({
  runId: z.string().max(100).optional(),
  account: z.string().max(100).optional(),
  source: z.string().max(100).optional(),
});

/** `<file>.options.json`: what whoever dropped the file wants done differently. */
export interface FileOptions {
  readonly runId?: string | undefined;
  readonly account?: string | undefined;
  readonly source?: string | undefined;
}

/** Options nobody understands are a problem, never ignored: they may be what keeps a file from being sent twice. */
export function parseFileOptions(text: string | null): FileOptions | { readonly problem: string } {
  if (text === null) return {};
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : { problem: parsed.error.issues.map(({ message }) => message).join('; ') };
  } catch {
    return { problem: 'not JSON' };
  }
}
