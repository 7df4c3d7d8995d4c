import { renderWaterfall, type WaterfallSpan } from './waterfall.ts';

const span = (spanId: string, parentSpanId: string | null, ...[startMicros, endMicros]: [number, number]): WaterfallSpan => ({
  ...{ spanId, parentSpanId, startMicros, endMicros, name: spanId, service: 'app' },
});

test('children stand under their parent, each bar at its place in time', () => {
  const text = renderWaterfall(
    [span('call', 'claim', 5_000, 10_000), span('claim', null, 0, 10_000), span('route', 'call', 9_000, 10_000)],
    { width: 10 },
  );
  expect(text.split('\n')).toEqual([
    'claim (app)      +0.0  10.0 ms  |██████████|',
    '  call (app)     +5.0   5.0 ms  |     █████|',
    '    route (app)  +9.0   1.0 ms  |         █|',
  ]);
});

test('a span whose parent is missing is a root', () => {
  expect(renderWaterfall([span('a', 'lost', 0, 1)])).toMatch(/^a \(app\)/);
});

test('a span without length is still seen', () => {
  expect(renderWaterfall([span('a', null, 0, 10), span('b', 'a', 10, 10)], { width: 4 }).split('\n')[1]).toMatch(/\| {3}█\|$/);
});

test('spans that name each other as parents are shown once', () => {
  expect(renderWaterfall([span('a', 'b', 0, 1), span('b', 'a', 0, 1)]).split('\n')).toHaveLength(2);
});

test('no spans', () => {
  expect(renderWaterfall([])).toBe('no spans');
});
