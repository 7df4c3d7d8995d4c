-- Everything that happened to one request, in order; a row closed together with others shows that event too.
-- SELECT occurred_at, event_type, attempt, reason, detail, sid FROM request_timeline WHERE request_id = 'REQUEST' ORDER BY occurred_at, step
CREATE OR REPLACE VIEW request_timeline AS
SELECT
    request_id, batch_id, row, occurred_at,
    indexOf(['RequestAdmitted', 'RequestRefused', 'RequestCarried', 'RetryScheduled', 'SlotGranted', 'SlotReturned', 'AttemptStarted', 'ResponseRecorded', 'RequestClosed'], event_type) AS step,
    event_type, attempt, account, api, lane, number, slot_at, called_at, answered_at, class, outcome, reason, detail, http_status, code, sid,
    retry_after_ms, not_before, sender, evidence, trace_id, topic, partition, offset, event_id, causation_id, payload
FROM events FINAL
WHERE request_id != ''
UNION ALL
SELECT
    admitted.request_id, admitted.batch_id, admitted.row, closed.occurred_at,
    10 AS step,
    'RowsClosed' AS event_type, 0 AS attempt, admitted.account, admitted.api, admitted.lane, 0 AS number, NULL AS slot_at, NULL AS called_at,
    NULL AS answered_at, '' AS class, closed.outcome, closed.reason, '' AS detail, NULL AS http_status, NULL AS code, '' AS sid,
    NULL AS retry_after_ms, NULL AS not_before, '' AS sender, '' AS evidence, closed.trace_id, closed.topic, closed.partition, closed.offset,
    closed.event_id, closed.causation_id, '' AS payload
FROM (SELECT request_id, batch_id, row, account, api, lane FROM events FINAL WHERE event_type = 'RequestAdmitted') AS admitted
INNER JOIN
(
    SELECT batch_id, occurred_at, outcome, reason, trace_id, topic, partition, offset, event_id, causation_id, range_from, range_to
    FROM events FINAL
    WHERE event_type = 'RowsClosed' AND request_id = ''
) AS closed ON admitted.batch_id = closed.batch_id
WHERE arrayExists((f, t) -> admitted.row BETWEEN f AND t, closed.range_from, closed.range_to);

-- Requests of which nobody knows whether the call was processed, with what that rests on.
-- SELECT row, external_id, to_masked, called_at, evidence FROM doubts WHERE batch_id = 'BATCH' ORDER BY row
CREATE OR REPLACE VIEW doubts AS
SELECT
    batch_id, request_id, row, line, account, api, external_id, to_masked, contact, greatest(last_attempt, attempts_closed) AS attempts,
    reason, http_status, code, sid, called_at, closed_at, evidence
FROM request_states
WHERE request_id != '' AND outcome = 'unknown';

-- Calls by how long the answer took, in milliseconds.
-- SELECT request_id, account, http_status, duration_ms FROM slow_calls WHERE called_at > now() - INTERVAL 1 HOUR ORDER BY duration_ms DESC LIMIT 20
CREATE OR REPLACE VIEW slow_calls AS
SELECT
    batch_id, request_id, attempt, account, sender, class, reason, http_status, code, sid, called_at, answered_at,
    dateDiff('microsecond', assumeNotNull(called_at), assumeNotNull(answered_at)) / 1000 AS duration_ms, trace_id
FROM events FINAL
WHERE event_type = 'ResponseRecorded' AND called_at IS NOT NULL AND answered_at IS NOT NULL;
