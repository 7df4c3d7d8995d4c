-- One row per request of a batch, folded from its events; the group with an empty request_id is the batch itself.
-- RowsClosed closes many rows with one event: it is expanded here into one line per row, under the row's own request id.
-- Nothing is counted, only the newest or the only value is taken: an event written twice changes nothing.
-- SELECT state, outcome, count() FROM request_states WHERE batch_id = 'BATCH' AND request_id != '' GROUP BY ALL
CREATE OR REPLACE VIEW request_states AS
SELECT
    batch_id,
    if(event_type = 'RowsClosed', lower(substring(hex(SHA256(concat('request', char(31), batch_id, char(31), toString(each_row)))), 1, 32)), events.request_id) AS request_id,
    max(each_row) AS row,
    max(events.line) AS line,
    max(events.account) AS account,
    max(events.api) AS api,
    max(events.lane) AS lane,
    max(events.external_id) AS external_id,
    max(events.contact) AS contact,
    max(events.to_masked) AS to_masked,
    max(events.cost) AS cost,
    argMax(multiIf(
        event_type IN ('RequestAdmitted', 'RequestCarried', 'RetryScheduled', 'SlotReturned'), 'waiting',
        event_type = 'SlotGranted', 'granted',
        event_type = 'AttemptStarted', 'in flight',
        event_type = 'ResponseRecorded', 'answered',
        ''), (
        events.attempt,
        if(event_type = 'ResponseRecorded', 18446744073709551615, events.number),
        indexOf(['RequestAdmitted', 'RequestCarried', 'RetryScheduled', 'SlotGranted', 'SlotReturned', 'AttemptStarted', 'ResponseRecorded'], event_type))) AS last_state,
    anyIf(events.outcome, events.outcome NOT IN ('', 'open')) AS final_outcome,
    if(final_outcome = '', 'open', final_outcome) AS outcome,
    if(final_outcome = '', last_state, 'closed') AS state,
    uniqExactIf(event_id, events.outcome NOT IN ('', 'open')) AS outcomes,
    anyIf(events.reason, events.outcome NOT IN ('', 'open')) AS reason,
    anyIf(events.detail, event_type = 'RequestRefused') AS detail,
    maxIf(events.code, event_type = 'RequestClosed') AS code,
    maxIf(events.http_status, event_type = 'RequestClosed') AS http_status,
    max(events.sid) AS sid,
    maxIf(events.attempt, event_type IN ('AttemptStarted', 'ResponseRecorded')) AS last_attempt,
    max(events.attempts) AS attempts_closed,
    max(events.called_at) AS called_at,
    max(events.answered_at) AS answered_at,
    maxIf(events.occurred_at, events.outcome NOT IN ('', 'open')) AS closed_at,
    anyIf(events.evidence, event_type = 'RequestClosed') AS evidence,
    max(events.trace_id) AS trace_id,
    argMax(events.source, indexOf(['BatchRefused', 'BatchAdmitted'], event_type)) AS source,
    argMax(events.file, indexOf(['BatchRefused', 'BatchAdmitted'], event_type)) AS file,
    max(events.rows) AS rows,
    max(events.admitted) AS admitted,
    max(events.segments) AS segments,
    max(event_type = 'BatchRead') AS is_read,
    maxIf(events.reason, event_type = 'BatchRefused') AS refused_because,
    min(events.occurred_at) AS first_at,
    max(events.occurred_at) AS last_at
FROM events
ARRAY JOIN if(event_type = 'RowsClosed', arrayFlatten(arrayMap((f, t) -> range(f, t + 1), range_from, range_to)), [events.row]) AS each_row
WHERE batch_id != '' AND event_type NOT IN ('poison', 'tombstone', 'DeadLettered')
GROUP BY batch_id, request_id;

-- Where every row of every batch is: outcomes and open states. rows = all outcomes + open; balance says what is
-- missing (rows not yet archived) and is 0 at rest; conflicts counts rows with two outcomes and is always 0.
-- SELECT file, rows, accepted, rejected, refused, open, balance FROM batch_progress WHERE batch_id = 'BATCH'
CREATE OR REPLACE VIEW batch_progress AS
SELECT
    batch_id,
    max(b.account) AS account,
    max(b.source) AS source,
    max(b.file) AS file,
    max(b.rows) AS rows,
    max(b.is_read) AS is_read,
    max(b.refused_because) AS refused_because,
    countIf(request_id != '' AND outcome = 'accepted') AS accepted,
    countIf(request_id != '' AND outcome = 'rejected') AS rejected,
    countIf(request_id != '' AND outcome = 'refused') AS refused,
    countIf(request_id != '' AND outcome = 'suppressed') AS suppressed,
    countIf(request_id != '' AND outcome = 'expired') AS expired,
    countIf(request_id != '' AND outcome = 'cancelled') AS cancelled,
    countIf(request_id != '' AND outcome = 'unknown') AS unknown,
    countIf(request_id != '' AND outcome = 'open') AS open,
    countIf(request_id != '' AND state = 'waiting') AS waiting,
    countIf(request_id != '' AND state = 'granted') AS granted,
    countIf(request_id != '' AND state = 'in flight') AS in_flight,
    countIf(request_id != '' AND state = 'answered') AS answered,
    countIf(outcomes > 1) AS conflicts,
    toInt64(rows) - toInt64(countIf(request_id != '')) AS balance,
    max(b.segments) AS segments,
    min(first_at) AS started_at,
    max(last_at) AS last_event_at
FROM request_states AS b
GROUP BY batch_id;

-- What became of each row: one line per row of the file. Uploaded columns, recipient and answer are there as long as
-- the personal table keeps them.
-- SELECT row, line, external_id, outcome, reason, code, sid FROM results WHERE batch_id = 'BATCH' ORDER BY row
CREATE OR REPLACE VIEW results AS
SELECT
    r.batch_id AS batch_id, r.row AS row, r.line AS line, r.request_id AS request_id, r.external_id AS external_id,
    r.account AS account, r.api AS api, r.outcome AS outcome, r.state AS state, r.reason AS reason, r.detail AS detail, r.code AS code,
    r.http_status AS http_status, r.sid AS sid, greatest(r.last_attempt, r.attempts_closed) AS attempts,
    r.called_at AS called_at, r.answered_at AS answered_at, if(r.state = 'closed', r.closed_at, NULL) AS closed_at,
    r.to_masked AS to_masked, r.contact AS contact, r.trace_id AS trace_id,
    p.`to` AS `to`, p.params AS params, p.uploaded AS uploaded, p.answer AS answer
FROM request_states AS r
LEFT JOIN
(
    SELECT batch_id, request_id, max(personal.`to`) AS `to`, max(personal.params) AS params, max(personal.uploaded) AS uploaded,
        maxIf(content, kind = 'answer') AS answer
    FROM personal
    GROUP BY batch_id, request_id
) AS p ON r.batch_id = p.batch_id AND r.request_id = p.request_id
WHERE r.request_id != '';
