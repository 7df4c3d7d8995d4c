/** What an API decided, before anything is written to the socket. */
export interface Answer {
  readonly status: number;
  readonly body: object;
  /** Twilio's error code of a refusal. */
  readonly code: number | null;
  /** The resource this very request created; null for reads, updates and refusals. */
  readonly sid: string | null;
  /** Beside those that every answer has. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type Params = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface ApiCall {
  readonly account: string;
  readonly params: Params;
  /** The parts of the path that the route captured, decoded. */
  readonly captures: readonly string[];
  readonly atMs: number;
}

export const found = (body: object): Answer => ({ status: 200, body, code: null, sid: null });

export const created = (sid: string, body: object): Answer => ({ status: 201, body, code: null, sid });

/** The first value of a parameter; undefined when it is absent. */
export function textOf(params: Params, name: string): string | undefined {
  const value = params[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** A parameter that counts as given: present and not empty. */
export function givenOf(params: Params, name: string): string | undefined {
  const value = textOf(params, name);
  return value === '' ? undefined : value;
}

export function listOf(params: Params, name: string): readonly string[] {
  const value = params[name];
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}
