import { jest } from '@jest/globals';
import { answerWhile, Moved, orTimeOut, ProducerClosed, timedOut, tryUntilDone } from './patience.ts';

const forever = Infinity;
const open = (): AbortSignal => new AbortController().signal;
const again = (text: string): Promise<Error> => Promise.resolve(new Error(text));
const never = new Promise<never>(() => undefined);

/** Whether it has ended by the time that no promise is left to settle: without waiting for any timer. */
async function endsWithoutTimer(work: Promise<unknown>): Promise<boolean> {
  const ended = work.then(
    () => true,
    () => true,
  );
  return Promise.race([ended, new Promise<false>((resolve) => setImmediate(() => resolve(false)))]);
}

describe('trying until it is done', () => {
  it('ends with the first try that brings no error, without a pause', async () => {
    expect(await endsWithoutTimer(tryUntilDone(() => Promise.resolve(null), { closed: open(), forMs: forever }))).toBe(true);
  });

  it('goes on after errors that are returned', async () => {
    let tries = 0;
    await tryUntilDone(() => ((tries += 1) < 3 ? again('not yet') : Promise.resolve(null)), { closed: open(), forMs: forever });
    expect(tries).toBe(3);
  });

  it('ends with the last error when patience is over, and does not wait for a pause that would outlast it', async () => {
    const tried: string[] = [];
    const attempt = (): Promise<Error> => again(String(tried.push('try')));
    const failure = await tryUntilDone(attempt, { closed: open(), forMs: 25 }).catch((error: unknown) => error);
    expect(failure).toEqual(new Error(String(tried.length)));
    // The first pause takes 10 ms.
    const impatient = tryUntilDone(() => again('at once'), { closed: open(), forMs: 9 });
    expect(await endsWithoutTimer(impatient)).toBe(true);
    await expect(impatient).rejects.toThrow('at once');
  });

  it('ends at once with an error that is thrown', async () => {
    let tries = 0;
    const attempt = (): Promise<null> => {
      tries += 1;
      return Promise.reject(new Error('refused'));
    };
    const trying = tryUntilDone(attempt, { closed: open(), forMs: forever });
    expect(await endsWithoutTimer(trying)).toBe(true);
    await expect(trying).rejects.toThrow('refused');
    expect(tries).toBe(1);
  });

  it('does not try at all when it was closed before', async () => {
    const attempt = jest.fn(() => Promise.resolve(null));
    await expect(tryUntilDone(attempt, { closed: AbortSignal.abort(), forMs: forever })).rejects.toThrow(ProducerClosed);
    expect(attempt).not.toHaveBeenCalled();
  });

  it('ends in the middle of a pause when it is closed, without another try', async () => {
    const closing = new AbortController();
    const attempt = jest.fn((): Promise<Error | null> => Promise.resolve(null)).mockImplementationOnce(() => again('not yet'));
    const trying = tryUntilDone(attempt, { closed: closing.signal, forMs: forever });
    await new Promise((resolve) => setImmediate(resolve));
    closing.abort();
    expect(await endsWithoutTimer(trying)).toBe(true);
    await expect(trying).rejects.toThrow(ProducerClosed);
    expect(attempt).toHaveBeenCalledTimes(1);
  });
});

describe('waiting for an answer', () => {
  const lookMs = 1_000;
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  /** As many looks as fit into the time are taken. */
  const pass = (looks: number): Promise<void> => jest.advanceTimersByTimeAsync(looks * lookMs);
  const failureOf = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

  it('brings the answer, and looks at nobody else when it comes in time', async () => {
    const hasMoved = jest.fn(() => Promise.resolve(true));
    expect(await answerWhile(Promise.resolve('answer'), hasMoved, open())).toBe('answer');
    expect(hasMoved).not.toHaveBeenCalled();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('ends with the error of the request', async () => {
    await expect(answerWhile(Promise.reject(new Error('closed connection')), () => never, open())).rejects.toThrow('closed connection');
  });

  it('is given up when the part has moved, after one look', async () => {
    const waiting = failureOf(answerWhile(never, () => Promise.resolve(true), open()));
    await pass(1);
    expect(await waiting).toBeInstanceOf(Moved);
  });

  it('goes on as long as the broker has the part or nobody can tell, with a look a second', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const answers = [() => Promise.resolve(false), () => Promise.reject(new Error('nobody to ask')), () => Promise.resolve(false)];
    const hasMoved = jest.fn((): Promise<boolean> => answers.shift()?.() ?? Promise.resolve(true));
    const waiting = answerWhile(promise, hasMoved, open());
    await pass(3);
    expect(hasMoved).toHaveBeenCalledTimes(3);
    resolve('late');
    expect(await waiting).toBe('late');
  });

  it.each([
    ['brings the answer', (request: PromiseWithResolvers<string>) => request.resolve('answer'), 'answer'],
    ['ends with its error', (request: PromiseWithResolvers<string>) => request.reject(new Error('gone')), new Error('gone')],
  ])('%s that comes while a look is under way and takes long', async (_, end, outcome) => {
    const request = Promise.withResolvers<string>();
    const waiting = failureOf(answerWhile(request.promise, () => never, open()));
    await pass(1);
    end(request);
    expect(await waiting).toEqual(outcome);
  });

  it.each([
    ['an answer', (request: PromiseWithResolvers<string>) => request.resolve('late')],
    ['an error', (request: PromiseWithResolvers<string>) => request.reject(new Error('late'))],
  ])('ignores %s that comes after it was given up; nothing is left unhandled', async (_, end) => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const request = Promise.withResolvers<string>();
    const waiting = failureOf(answerWhile(request.promise, () => Promise.resolve(true), open()));
    await pass(1);
    expect(await waiting).toBeInstanceOf(Moved);
    end(request);
    jest.useRealTimers();
    // Rejections are reported when all microtasks have run.
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('a look that fails after the answer has come is left unhandled by nobody', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const [request, look] = [Promise.withResolvers<string>(), Promise.withResolvers<boolean>()];
    const waiting = answerWhile(request.promise, () => look.promise, open());
    await pass(1);
    request.resolve('answer');
    expect(await waiting).toBe('answer');
    look.reject(new Error('late'));
    jest.useRealTimers();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('ends when it is closed, at the next look at the latest, and asks nobody any more', async () => {
    const closing = new AbortController();
    const hasMoved = jest.fn(() => never);
    const waiting = failureOf(answerWhile(never, hasMoved, closing.signal));
    closing.abort();
    await pass(1);
    expect(await waiting).toBeInstanceOf(ProducerClosed);
    expect(hasMoved).not.toHaveBeenCalled();
  });

  it('with a bound of its own ends with a mark and keeps no timer', async () => {
    const waiting = orTimeOut(never, 50);
    await jest.advanceTimersByTimeAsync(50);
    expect(await waiting).toBe(timedOut);
    expect(await orTimeOut(Promise.resolve('answer'), 50)).toBe('answer');
    await expect(orTimeOut(Promise.reject(new Error('gone')), 50)).rejects.toThrow('gone');
    expect(jest.getTimerCount()).toBe(0);
  });
});
