import { requestIdOf, type Event } from '@paceline/contracts';
import { admitted, answered, batchAdmitted, batchId, claimed, closed, now, retried, rowsClosed } from './builders.suite.ts';
import { instant, renderTimeline, requestTimeline } from './request-timeline.ts';

const records = (...events: readonly Event[]) => events.map((event, offset) => ({ topic: 'paceline.x', partition: 1, offset, event }));
const subject = { requestId: requestIdOf(batchId, 1), batchId, row: 1 };

test('the story of one request is told in order, and of no other', () => {
  const lines = requestTimeline(
    records(closed(1), batchAdmitted(), retried(1), answered(1), admitted(2), claimed(1), admitted(1)),
    subject,
  );
  expect(lines.map(({ type }) => type)).toEqual([
    'RequestAdmitted',
    'AttemptStarted',
    'ResponseRecorded',
    'RetryScheduled',
    'RequestClosed',
  ]);
  expect(lines.map(({ afterMs }) => afterMs)).toEqual([0, 0.019, 0.039, 0.059, 0.059]);
});

test('the same fact written twice is one line', () => {
  expect(requestTimeline(records(answered(1), answered(1)), subject)).toHaveLength(1);
});

test('rows that were closed together belong to each row in their ranges', () => {
  expect(requestTimeline(records(rowsClosed([1, 3])), subject)).toMatchObject([{ what: 'cancelled: cancelled' }]);
  expect(requestTimeline(records(rowsClosed([2, 3])), subject)).toEqual([]);
});

test('no number and no body is told', () => {
  const text = renderTimeline(requestTimeline(records(admitted(1), claimed(1), retried(1), answered(1), closed(1))));
  expect(text).not.toMatch(/15005550001|secret body/);
});

test('a line says when, how long after the first, what, and where in the log', () => {
  const text = renderTimeline(requestTimeline(records(admitted(1), answered(1)), subject));
  expect(text.split('\n')).toEqual([
    '2027-01-15T08:00:00.000001Z  +0.000 ms  admitted: row 1, line 2, messages, lane messages:abc, cost 1  [paceline.x/1@0]',
    '2027-01-15T08:00:00.000040Z  +0.039 ms  attempt 1 ACCEPTED (answered), HTTP 201, code -, SID SM1, took 5.0 ms  [paceline.x/1@1]',
  ]);
});

test('an instant keeps its microseconds', () => {
  expect(instant(now + 1_234_567)).toBe('2027-01-15T08:00:01.234567Z');
});
