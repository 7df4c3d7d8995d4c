import { describe, expect, it } from '@jest/globals';
import { traceRows } from './collector-rows.ts';

const span = {
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  name: 'grant slots',
  kind: 4,
  startTimeUnixNano: '1763788800000000007',
  endTimeUnixNano: '1763788800000123007',
};
const tracesOf = (...spans: object[]) => ({
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'pacer' } }] },
      scopeSpans: [{ scope: { name: 'paceline' }, spans }],
    },
  ],
});

describe('a row of otel_traces', () => {
  it('has the span with nanosecond time, kind by name and the service of its resource', () => {
    expect(traceRows(tracesOf(span))).toEqual([
      expect.objectContaining({
        Timestamp: '1763788800.000000007',
        Duration: '123000',
        SpanKind: 'Producer',
        SpanName: 'grant slots',
        ServiceName: 'pacer',
        ScopeName: 'paceline',
        ParentSpanId: '',
        StatusCode: 'Unset',
      }),
    ]);
  });

  it('writes every kind of attribute value as text', () => {
    const attributes = [
      { key: 'text', value: { stringValue: 'a' } },
      { key: 'whole', value: { intValue: '9007199254740993' } },
      { key: 'flag', value: { boolValue: false } },
      { key: 'list', value: { arrayValue: { values: [{ intValue: 1 }, { stringValue: 'b' }] } } },
      { key: 'none' },
    ];
    expect(traceRows(tracesOf({ ...span, attributes }))[0]).toMatchObject({
      SpanAttributes: { text: 'a', whole: '9007199254740993', flag: 'false', list: '["1","b"]', none: '' },
    });
  });

  it('keeps events and links as columns of equal length', () => {
    const events = [{ timeUnixNano: '1000000001', name: 'retried' }];
    const links = [{ traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) }];
    expect(traceRows(tracesOf({ ...span, events, links, status: { code: 2, message: 'late' } }))[0]).toMatchObject({
      'Events.Timestamp': ['1.000000001'],
      'Events.Name': ['retried'],
      'Events.Attributes': [{}],
      'Links.TraceId': ['c'.repeat(32)],
      'Links.SpanId': ['d'.repeat(16)],
      'Links.Attributes': [{}],
      StatusCode: 'Error',
      StatusMessage: 'late',
    });
  });

  it('is absent for an empty request', () => {
    expect(traceRows({})).toEqual([]);
  });
});
