/** A fault of the local stack (port, Java, disk, broker): one line a person can act on. The process ends with `exitCode`. */
export class StackError extends Error {
  override readonly name = 'StackError';
  readonly exitCode = 5;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
