import { type IncomingMessage } from 'node:http';

export type ReceivedBody = { readonly state: 'whole' | 'too-large' | 'cut'; readonly text: string };

/** Reads a body of at most `limit` bytes and calls `done` exactly once; a body that stops early is `cut`. */
export function readBody(request: IncomingMessage, limit: number, done: (body: ReceivedBody) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  let over = false;
  const finish = (state: ReceivedBody['state']): void => {
    if (over) return;
    over = true;
    done({ state, text: state === 'too-large' ? '' : textOf(chunks) });
  };
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) finish('too-large');
    else chunks.push(chunk);
  });
  request.on('end', () => finish('whole'));
  request.on('error', () => finish('cut'));
  request.on('close', () => finish('cut'));
}

function textOf(chunks: readonly Buffer[]): string {
  const [only] = chunks;
  if (only === undefined) return '';
  return (chunks.length === 1 ? only : Buffer.concat(chunks)).toString('utf8');
}
