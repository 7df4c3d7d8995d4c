-- Answers by what they were: one line per batch, class, status and code.
-- SELECT class, http_status, code, responses, example FROM responses_by_code WHERE batch_id = 'BATCH' ORDER BY responses DESC
CREATE OR REPLACE VIEW responses_by_code AS
SELECT
    batch_id, account, class, http_status, code, events.reason AS reason,
    count() AS responses,
    uniqExact(request_id) AS requests,
    min(events.called_at) AS first_at,
    max(events.called_at) AS last_at,
    anyIf(detail, detail != '') AS example
FROM events FINAL
WHERE event_type = 'ResponseRecorded'
GROUP BY batch_id, account, class, http_status, code, reason;

-- Per account and second: the rate set by the operator and in force then, what the pacer granted for that second and
-- what was really called in it. A grant that was returned or not sent makes granted the larger one.
-- SELECT second, configured, granted, called FROM rate_per_second WHERE account = 'ACCOUNT' ORDER BY second
CREATE OR REPLACE VIEW rate_per_second AS
SELECT seconds.account AS account, seconds.second AS second, rates.configured AS configured,
    seconds.granted AS granted, seconds.granted_cost AS granted_cost, seconds.called AS called, seconds.throttled AS throttled
FROM
(
    SELECT
        account,
        toStartOfSecond(assumeNotNull(if(event_type = 'SlotGranted', slot_at, called_at))) AS second,
        countIf(event_type = 'SlotGranted') AS granted,
        sumIf(cost, event_type = 'SlotGranted') AS granted_cost,
        countIf(event_type = 'ResponseRecorded') AS called,
        countIf(http_status = 429) AS throttled
    FROM events FINAL
    WHERE (event_type = 'SlotGranted' AND slot_at IS NOT NULL) OR (event_type = 'ResponseRecorded' AND called_at IS NOT NULL)
    GROUP BY account, second
) AS seconds
ASOF LEFT JOIN
(
    SELECT account, occurred_at AS since, toFloat64OrNull(JSONExtractString(payload, 'value')) AS configured
    FROM events FINAL
    WHERE event_type = 'ControlSet' AND startsWith(JSONExtractString(payload, 'entity'), 'account:')
        AND JSONExtractString(payload, 'aspect') = 'rate' AND JSONExtractString(payload, 'origin') = 'operator'
) AS rates ON seconds.account = rates.account AND seconds.second >= rates.since;

-- Per account and minute: how many answers said "too fast", and what was scheduled because of it.
-- SELECT minute, responses, throttled, share FROM throttling WHERE account = 'ACCOUNT' ORDER BY minute
CREATE OR REPLACE VIEW throttling AS
SELECT
    account,
    toStartOfMinute(if(event_type = 'ResponseRecorded', ifNull(answered_at, occurred_at), occurred_at)) AS minute,
    countIf(event_type = 'ResponseRecorded') AS responses,
    countIf(http_status = 429) AS throttled,
    if(responses = 0, 0, throttled / responses) AS share,
    max(events.retry_after_ms) AS longest_retry_after_ms,
    countIf(event_type = 'RetryScheduled') AS retries,
    maxIf(events.throttles, event_type = 'RetryScheduled') AS most_throttled_request
FROM events FINAL
WHERE event_type = 'ResponseRecorded' OR (event_type = 'RetryScheduled' AND reason = 'throttled')
GROUP BY account, minute;

-- Who must not be contacted now, where and why. Contacts are keyed hashes; the last word per key counts.
-- SELECT contact, channel, scope, origin, detail, since FROM suppressions_current WHERE channel IN ('sms', '*') ORDER BY since DESC
CREATE OR REPLACE VIEW suppressions_current AS
SELECT contact, channel, scope, origin,
    argMax(events.detail, events.offset) AS detail,
    argMax(events.occurred_at, events.offset) AS since,
    argMax(tuple(events.expires_at), events.offset).1 AS expires_at,
    argMax(JSONExtractBool(payload, 'lifted'), events.offset) AS lifted
FROM
(
    SELECT *, JSONExtractString(payload, 'channel') AS channel, JSONExtractString(payload, 'scope') AS scope, JSONExtractString(payload, 'origin') AS origin
    FROM events
    WHERE event_type = 'SuppressionSet'
) AS events
GROUP BY contact, channel, scope, origin
HAVING NOT lifted AND (expires_at IS NULL OR expires_at > now64(6, 'UTC'));

-- Records that could not be decoded or handled: where they stood and why; the raw record is in personal, kind raw.
-- SELECT occurred_at, service, source_topic, source_offset, detail FROM dead_letters ORDER BY occurred_at DESC LIMIT 20
CREATE OR REPLACE VIEW dead_letters AS
SELECT
    occurred_at, JSONExtractString(payload, 'service') AS service, JSONExtractString(payload, 'sourceTopic') AS source_topic,
    JSONExtractUInt(payload, 'sourcePartition') AS source_partition, JSONExtractUInt(payload, 'sourceOffset') AS source_offset,
    detail, batch_id, request_id, event_id
FROM events FINAL
WHERE event_type = 'DeadLettered';
