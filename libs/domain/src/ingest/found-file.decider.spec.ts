import { batchIdOf, type FileFound } from '@paceline/contracts';
import { decodeState, encodeState, type BatchState } from './batch-state.ts';
import { fileFound } from './batch-events.ts';
import { decideFile, type SameContent } from './found-file.decider.ts';
import { noRows } from './tally.ts';

const found = (over: Partial<Omit<FileFound, 'meta'>> = {}): FileFound =>
  fileFound(
    {
      source: 'drop',
      account: 'demo',
      location: '/in/a.csv',
      name: 'a.csv',
      fileHash: 'h1',
      sizeBytes: 10,
      format: 'csv',
      compression: 'none',
      runId: '',
      etag: 'v1',
      ...over,
    },
    1,
  ).data;

const state = (over: Partial<BatchState> = {}): BatchState => ({
  status: 'read',
  fileHash: 'h1',
  runId: '',
  location: '/in/a.csv',
  etag: 'v1',
  columns: [],
  totals: noRows,
  refusedBytes: 0,
  refusal: null,
  ...over,
});

const known =
  (over: Partial<BatchState>) =>
  (batchId: string): BatchState | undefined =>
    batchId === batchIdOf('h1', 'demo', '') ? state(over) : undefined;

describe('decideFile', () => {
  it.each([
    ['new content is read', () => undefined, found(), 'refuse', 'read'],
    ['what was begun goes on', known({ status: 'reading' }), found(), 'refuse', 'read'],
    ['what was begun goes on from another copy', known({ status: 'reading' }), found({ location: '/in/b.csv' }), 'refuse', 'read'],
    ['the very file, finished, is only tidied', known({}), found(), 'refuse', 'tidy'],
    ['the very file, refused, is only tidied', known({ status: 'refused' }), found(), 'newRun', 'tidy'],
    ['the same content under another name is a duplicate', known({}), found({ location: '/in/b.csv' }), 'refuse', 'duplicate'],
    ['the same content dropped again is a duplicate', known({}), found({ etag: 'v2' }), 'refuse', 'duplicate'],
    ['refused content dropped again is looked at again', known({ status: 'refused' }), found({ etag: 'v2' }), 'refuse', 'read'],
    ['the same content is a new run where the source says so', known({}), found({ etag: 'v2' }), 'newRun', 'read'],
    ['a run id of its own makes another batch', known({}), found({ runId: 'r2' }), 'refuse', 'read'],
    ['another account makes another batch', known({}), found({ account: 'other' }), 'refuse', 'read'],
  ] as [string, (id: string) => BatchState | undefined, FileFound, SameContent, string][])(
    '%s',
    (...[, knownOf, file, sameContent, act]) => {
      expect(decideFile(file, knownOf, sameContent).act).toBe(act);
    },
  );

  it('a new run has the same id however often the same file is seen', () => {
    const again = found({ etag: 'v2' });
    const first = decideFile(again, known({}), 'newRun');
    expect(first).toEqual(decideFile(again, known({}), 'newRun'));
    expect(first.batchId).not.toBe(batchIdOf('h1', 'demo', ''));
  });
});

describe('the state of a batch', () => {
  it('reads back as it was written', () => {
    const written = state({ status: 'refused', refusal: { code: 'encoding', reason: 'x', line: 3 } });
    expect(decodeState(encodeState(written))).toMatchObject(written);
  });

  it('of an earlier version gets what it lacks', () => {
    expect(decodeState('{"v":1,"status":"read"}')).toMatchObject({ status: 'read', totals: noRows, etag: null });
  });
});
