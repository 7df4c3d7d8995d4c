/** The exit codes of every command. */
export const exitCodes = { complete: 0, unexpected: 1, usage: 2, refused: 3, unfinished: 4, stack: 5 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Something a person can mend: one clear line, the exit code, never a stack trace. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    message: string,
    readonly exitCode: ExitCode,
  ) {
    super(message);
  }
}

/** The code of an error from any library of ours; unexpected when it carries none. */
export function exitCodeOf(error: unknown): number {
  const code = (error as { exitCode?: unknown }).exitCode;
  return typeof code === 'number' ? code : exitCodes.unexpected;
}
