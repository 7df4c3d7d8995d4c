// What ends a start with a sentence instead of a stack trace.

export const exitUsage = 2;
const exitStack = 5;

export class SetupError extends Error {
  constructor(message, exitCode = exitStack) {
    super(message);
    this.exitCode = exitCode;
  }
}

export function fail(error) {
  console.error(error instanceof SetupError ? error.message : error);
  process.exit(error instanceof SetupError ? error.exitCode : 1);
}
