// Errors as a ClickHouse server words them, so that its client maps code, type and HTTP status unchanged.
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: number;
  readonly status: number | null;

  constructor(code: number, message: string, status: number | null = null) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

const notFound = new Set([16, 46, 47, 60, 81]);
const badRequest = new Set([6, 26, 27, 36, 38, 41, 42, 43, 44, 53, 57, 62, 69, 70, 72, 115, 117, 130, 349, 456]);
const unknownException = 1002;
const authenticationFailed = 516;
const timeoutExceeded = 159;

export interface ErrorAnswer {
  readonly status: number;
  readonly code: number;
  readonly body: string;
}

/** The answer for any thrown value; the engine's own errors carry "Code: N." in their text. */
export function errorAnswer(error: unknown, version: string): ErrorAnswer {
  if (error instanceof EngineError) {
    const body = `Code: ${error.code}. DB::Exception: ${error.message} (version ${version} (embedded))\n`;
    return { status: error.status ?? statusOf(error.code), code: error.code, body };
  }
  const text = error instanceof Error ? error.message : String(error);
  const code = Number(/Code: (\d+)/.exec(text)?.[1] ?? unknownException);
  const prefix = text.startsWith('Code: ') ? '' : `Code: ${code}. DB::Exception: `;
  return { status: statusOf(code), code, body: `${prefix}${text}\n` };
}

function statusOf(code: number): number {
  if (code === authenticationFailed) return 403;
  if (code === timeoutExceeded) return 408;
  if (notFound.has(code)) return 404;
  return badRequest.has(code) ? 400 : 500;
}

export const refuse = {
  authentication: (user: string): EngineError =>
    new EngineError(
      authenticationFailed,
      `${user}: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)`,
    ),
  emptyQuery: (): EngineError => new EngineError(62, 'Empty query. (SYNTAX_ERROR)'),
  tooLarge: (limit: number): EngineError => new EngineError(307, `Request body exceeds ${limit} bytes. (TOO_MANY_BYTES)`, 413),
  truncated: (): EngineError => new EngineError(210, 'The client closed the connection. (NETWORK_ERROR)'),
  lockedSession: (id: string): EngineError => new EngineError(373, `Session ${id} is locked by a concurrent client. (SESSION_IS_LOCKED)`),
};
