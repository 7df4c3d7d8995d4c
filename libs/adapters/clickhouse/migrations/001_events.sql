-- Every event of the log as one row. Columns an event does not have stay at their default and cost next to nothing.
-- One fact = one event_id; batch_id, request_id and event_type follow from it, so that the sorting key is one per fact
-- and FINAL (or uniqExact(event_id)) counts each fact once, whatever was written twice.
-- The deduplication window makes a block that is sent again (same token) a no-op; its default of 0 would double it.
CREATE TABLE IF NOT EXISTS events
(
    topic LowCardinality(String) COMMENT 'Kafka topic',
    partition UInt16,
    offset UInt64 CODEC(Delta, ZSTD(1)),
    event_type LowCardinality(String) COMMENT 'record name; poison for a record that cannot be decoded, tombstone for a deleted key',
    event_id String CODEC(ZSTD(1)),
    causation_id String COMMENT 'event id of the direct cause' CODEC(ZSTD(1)),
    occurred_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    archived_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    trace_id String CODEC(ZSTD(1)),
    batch_id String CODEC(ZSTD(1)),
    request_id String CODEC(ZSTD(1)),
    attempt UInt16 COMMENT 'from 1; 0 = none' CODEC(ZSTD(1)),
    account LowCardinality(String),
    api LowCardinality(String),
    lane LowCardinality(String),
    row UInt64 COMMENT 'data row of the file, from 1; 0 = none' CODEC(Delta, ZSTD(1)),
    line UInt64 CODEC(Delta, ZSTD(1)),
    cost UInt32 CODEC(ZSTD(1)),
    priority Int32 CODEC(ZSTD(1)),
    external_id String CODEC(ZSTD(1)),
    contact String COMMENT 'keyed hash of the recipient' CODEC(ZSTD(1)),
    to_masked String COMMENT 'recipient with its middle hidden' CODEC(ZSTD(1)),
    parent String COMMENT 'request this one was chained or resent from' CODEC(ZSTD(1)),
    number UInt64 COMMENT 'slot number, upwards per account' CODEC(Delta, ZSTD(1)),
    era UInt32 CODEC(ZSTD(1)),
    slot_at Nullable(DateTime64(6, 'UTC')) CODEC(Delta, ZSTD(1)),
    deadline Nullable(DateTime64(6, 'UTC')) CODEC(Delta, ZSTD(1)),
    not_before Nullable(DateTime64(6, 'UTC')) CODEC(Delta, ZSTD(1)),
    expires_at Nullable(DateTime64(6, 'UTC')) CODEC(Delta, ZSTD(1)),
    class LowCardinality(String) COMMENT 'class of a response',
    outcome LowCardinality(String) COMMENT 'set by RequestClosed, RequestRefused and RowsClosed only',
    reason LowCardinality(String) COMMENT 'closed list of the event; the refusal code of what was refused',
    detail String COMMENT 'free text for a person, numbers hidden' CODEC(ZSTD(1)),
    http_status Nullable(UInt16) CODEC(ZSTD(1)),
    code Nullable(UInt32) COMMENT 'code of the provider' CODEC(ZSTD(1)),
    sid String CODEC(ZSTD(1)),
    retry_after_ms Nullable(UInt32) CODEC(ZSTD(1)),
    called_at Nullable(DateTime64(6, 'UTC')) CODEC(Delta, ZSTD(1)),
    answered_at Nullable(DateTime64(6, 'UTC')) CODEC(Delta, ZSTD(1)),
    attempts UInt16 COMMENT 'attempts claimed, on the outcome' CODEC(ZSTD(1)),
    throttles UInt16 COMMENT 'throttled or unreachable so far' CODEC(ZSTD(1)),
    sender LowCardinality(String) COMMENT 'process that claimed or called',
    rule_version LowCardinality(String),
    evidence String CODEC(ZSTD(1)),
    source LowCardinality(String),
    file String CODEC(ZSTD(1)),
    rows UInt64 CODEC(ZSTD(1)),
    admitted UInt64 CODEC(ZSTD(1)),
    refused UInt64 CODEC(ZSTD(1)),
    segments UInt64 CODEC(ZSTD(1)),
    range_from Array(UInt64) COMMENT 'RowsClosed: first row of each range' CODEC(ZSTD(1)),
    range_to Array(UInt64) COMMENT 'RowsClosed: last row of each range, included' CODEC(ZSTD(1)),
    payload String COMMENT 'JSON of what has no column of its own; never personal' CODEC(ZSTD(1)),
    INDEX by_request request_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_sid sid TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_contact contact TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_time occurred_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(occurred_at)
ORDER BY (batch_id, request_id, event_type, event_id)
TTL toDateTime(occurred_at) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

-- The only place of phone numbers, bodies, uploaded rows and answers, kept for a short time and by week, so that what
-- is too old goes with its whole part.
CREATE TABLE IF NOT EXISTS personal
(
    batch_id String CODEC(ZSTD(1)),
    request_id String CODEC(ZSTD(1)),
    kind LowCardinality(String) COMMENT 'request, uploaded, response, answer or raw',
    event_id String CODEC(ZSTD(1)),
    occurred_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    contact String COMMENT 'keyed hash of the recipient' CODEC(ZSTD(1)),
    `to` String COMMENT 'request: the full recipient' CODEC(ZSTD(1)),
    params String COMMENT 'request: JSON list of [name, value]' CODEC(ZSTD(1)),
    uploaded Array(String) COMMENT 'uploaded: the row as it came, in column order' CODEC(ZSTD(1)),
    content String COMMENT 'response, answer: JSON fields; raw: JSON {key, value} in base64' CODEC(ZSTD(1)),
    INDEX by_request request_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY toMonday(occurred_at)
ORDER BY (batch_id, request_id, kind, event_id)
TTL toDateTime(occurred_at) + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;
