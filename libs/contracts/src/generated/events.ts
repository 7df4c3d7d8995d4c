// Generated from libs/contracts/schemas by `npm run generate:contracts`; do not edit.

/** Microseconds since the epoch, UTC. */
export type Micros = number;

/** Which Twilio API a row calls. */
export type Api = 'unknown' | 'messages' | 'calls' | 'verify' | 'lookup' | 'studio';

/** How often and since when a request has been throttled or unreachable; gates never count here. */
export interface Backoff {
  /** Attempts answered 429 or ended by a network failure before any byte. */
  readonly throttles: number;
  /** First of them, UTC microseconds; null when there was none. */
  readonly since: Micros | null;
}

/** Attempts that ended alike. */
export interface CodeCount {
  /** Lane of the requests. */
  readonly lane: string;
  /** Batch of the requests. */
  readonly batchId: string;
  /** Class of the answers. */
  readonly class: ResponseClass;
  /** Twilio's error code; null when there was none. */
  readonly code: number | null;
  /** How many attempts ended so. */
  readonly attempts: number;
}

/** How the file's bytes are packed. */
export type Compression = 'none' | 'gzip';

/** Who set a control; between origins the most restrictive wins. */
export type ControlOrigin = 'operator' | 'breaker' | 'adaptive';

/** How the file's rows are written. */
export type FileFormat = 'unknown' | 'csv' | 'json' | 'ndjson';

/** What every event carries: who it is, when it became true, what it belongs to and what caused it. */
export interface Meta {
  /** Deterministic id: the same fact written twice has the same id. */
  readonly eventId: string;
  /** When the fact became true, UTC microseconds, writer's wall clock. */
  readonly occurredAt: Micros;
  /** The batch (batchId) this belongs to; the account or entity for events outside a batch. */
  readonly correlationId: string;
  /** Event id of the direct cause, when there is one. */
  readonly causationId: string | null;
}

/** The one final state of a request. */
export type Outcome = 'open' | 'accepted' | 'rejected' | 'refused' | 'suppressed' | 'expired' | 'cancelled' | 'unknown';

/** One request parameter as the row gave it; repeated names make a list. */
export interface Param {
  /** Twilio's parameter name. */
  readonly name: string;
  /** The value as text. */
  readonly value: string;
}

/** The only place of phone numbers and bodies inside an event, so that redaction and retention have one place. */
export interface Personal {
  /** Recipient as the row gave it: E.164, or an API's own address form. */
  readonly to: string;
  /** All parameters of the call except To, in row order. */
  readonly params: readonly Param[];
}

/** One admitted row that is to become one API call; complete, so that whoever holds it needs nothing else. */
export interface Request {
  /** hash(batchId, row). */
  readonly requestId: string;
  /** hash(content hash, account, runId). */
  readonly batchId: string;
  /** Account name from the settings. */
  readonly account: string;
  /** Which API the row calls. */
  readonly api: Api;
  /** Queue inside the account that shares one more limit; a hash where it stems from a phone number. */
  readonly lane: string;
  /** Data row number, 1-based, header not counted. */
  readonly row: number;
  /** Line of the file where the row starts, 1-based. */
  readonly line: number;
  /** Cost against segment limits: message segments, 1 for the other APIs. */
  readonly cost: number;
  /** Higher goes first; 0 is normal. */
  readonly priority: number;
  /** Do not call before this instant, UTC microseconds. */
  readonly notBefore: Micros | null;
  /** Never call after this instant, UTC microseconds. */
  readonly expiresAt: Micros | null;
  /** IANA zone of the recipient in which quiet hours are judged: the row's own column, else by area code; null = not known, or quiet hours do not apply. */
  readonly timeZone: string | null;
  /** The row's ExternalId, untouched. */
  readonly externalId: string | null;
  /** Keyed hash of the recipient, hex; joins suppressions without the number. */
  readonly contact: string;
  /** Keyed hash of From or the MessagingServiceSid; empty when the API has none. */
  readonly sender: string;
  /** requestId this one was chained or resent from. */
  readonly parent: string | null;
  /** Phone numbers and bodies. */
  readonly personal: Personal;
}

/** What an observation of an attempt means (the class table). */
export type ResponseClass = 'UNCLASSIFIED' | 'NOT_SENT' | 'NOT_PROCESSED' | 'ACCEPTED' | 'ACCEPTED_NO_SID' | 'REJECTED' | 'ACCOUNT_STOP' | 'IN_DOUBT';

/** Rows from..to of a batch, both included. */
export interface RowRange {
  /** First row. */
  readonly from: number;
  /** Last row. */
  readonly to: number;
}

/** What an alert was raised for is over. */
export interface AlertCleared {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** Name of the rule. */
  readonly alert: string;
  /** What it is about: account:NAME, or topic:NAME/PARTITION. */
  readonly scope: string;
  /** Account name from the settings; null when it is about no account. */
  readonly account: string | null;
  /** What was measured, in the unit of the rule. */
  readonly value: number;
  /** The value was at most this, lower than what raises it. */
  readonly threshold: number;
  /** From when on the alert held, UTC microseconds. */
  readonly since: Micros;
  /** The same for a person. */
  readonly text: string;
}

/** A rule that watches the product was broken for long enough; it holds until it is cleared. */
export interface AlertRaised {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** Name of the rule. */
  readonly alert: string;
  /** What it is about: account:NAME, or topic:NAME/PARTITION. */
  readonly scope: string;
  /** Account name from the settings; null when it is about no account. */
  readonly account: string | null;
  /** What was measured, in the unit of the rule. */
  readonly value: number;
  /** The value was above it. */
  readonly threshold: number;
  /** From when on it was above, UTC microseconds. */
  readonly since: Micros;
  /** The same for a person. */
  readonly text: string;
}

/** The claim: the right to make this attempt's call once, before the deadline. */
export interface AttemptStarted {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** requestId#n. */
  readonly attemptId: string;
  /** The whole request. */
  readonly request: Request;
  /** Attempt number, from 1. */
  readonly attempt: number;
  /** Back-off carried from attempt to attempt. */
  readonly backoff: Backoff;
  /** The slot's instant, UTC microseconds. */
  readonly slotAt: Micros;
  /** The slot's number. */
  readonly number: number;
  /** No first byte after this instant, UTC microseconds. */
  readonly deadline: Micros;
  /** Process that claimed. */
  readonly sender: string;
}

/** A file is being read; its rows become requests from here on. */
export interface BatchAdmitted {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** The batch. */
  readonly batchId: string;
  /** Account name from the settings. */
  readonly account: string;
  /** Source name from the settings. */
  readonly source: string;
  /** File name or object key without its folder. */
  readonly name: string;
  /** Where it was found: a path, s3://bucket/key, or kafka://topic/partition/first-last. */
  readonly location: string;
  /** sha256 of the decoded bytes, hex. */
  readonly fileHash: string;
  /** Run id. */
  readonly runId: string;
  /** Row format. */
  readonly format: FileFormat;
  /** Header as uploaded, in order. */
  readonly columns: readonly string[];
}

/** A chunk of rows was committed together with its requests and refusals. */
export interface BatchProgressed {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** The batch. */
  readonly batchId: string;
  /** Account name from the settings. */
  readonly account: string;
  /** Rows read so far. */
  readonly rows: number;
  /** Admitted so far. */
  readonly admitted: number;
  /** Refused so far. */
  readonly refused: number;
}

/** The whole file was read (or reading stopped for good): these are its totals. */
export interface BatchRead {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** The batch. */
  readonly batchId: string;
  /** Account name from the settings. */
  readonly account: string;
  /** Rows read. */
  readonly rows: number;
  /** Admitted. */
  readonly admitted: number;
  /** Refused. */
  readonly refused: number;
  /** Cost of the admitted rows, segments. */
  readonly segments: number;
  /** Refused rows by code. */
  readonly reasons: Readonly<Record<string, number>>;
  /** What was ignored or kept aside, one line each. */
  readonly warnings: readonly string[];
  /** False when reading stopped before the end (cancelled, or the file changed). */
  readonly complete: boolean;
}

/** A file or the rest of a file was refused; nothing after the stated line was admitted. */
export interface BatchRefused {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** The batch. */
  readonly batchId: string;
  /** Account name from the settings. */
  readonly account: string;
  /** Source name from the settings. */
  readonly source: string;
  /** File name or object key without its folder. */
  readonly name: string;
  /** Where it was found: a path, s3://bucket/key, or kafka://topic/partition/first-last. */
  readonly location: string;
  /** Closed list: refusal codes. */
  readonly code: string;
  /** One line for a person: what, where, what to do. */
  readonly reason: string;
  /** Line of the file, when there is one. */
  readonly line: number | null;
}

/** How the attempts of one account ended that one transaction of the error-router decided; what the pacer adapts to. */
export interface CodesCounted {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** Account name from the settings. */
  readonly account: string;
  /** Partition of the error-router that counted. */
  readonly partition: number;
  /** One entry per lane, batch, class and code. */
  readonly counts: readonly CodeCount[];
}

/** Desired state of one aspect of an account, lane or batch by one origin; null lifts it. */
export interface ControlSet {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** account:NAME, lane:ID or batch:ID. */
  readonly entity: string;
  /** rate, cap, paused, parked, breaker, cancelled, priority. */
  readonly aspect: string;
  /** Who set it. */
  readonly origin: ControlOrigin;
  /** JSON value; null = lifted. */
  readonly value: string | null;
  /** Why, for a person. */
  readonly reason: string;
  /** Command or rule. */
  readonly by: string;
}

/** A record that could not be decoded or handled, raw, with where and why. */
export interface DeadLettered {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** Who gave up on it. */
  readonly service: string;
  /** Topic. */
  readonly sourceTopic: string;
  /** Partition. */
  readonly sourcePartition: number;
  /** Offset. */
  readonly sourceOffset: number;
  /** Why. */
  readonly reason: string;
  /** Raw key. */
  readonly key: Buffer | null;
  /** Raw value. */
  readonly value: Buffer | null;
  /** Headers as text. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The same content was found again for the same account and run; nothing is sent again. */
export interface DuplicateFileSeen {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** The batch. */
  readonly batchId: string;
  /** Account name from the settings. */
  readonly account: string;
  /** Source name from the settings. */
  readonly source: string;
  /** File name or object key without its folder. */
  readonly name: string;
  /** Where it was found: a path, s3://bucket/key, or kafka://topic/partition/first-last. */
  readonly location: string;
}

/** A complete file, object or stretch of the intake topic was found and hashed; not yet read. */
export interface FileFound {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** Source name from the settings. */
  readonly source: string;
  /** Account name from the settings. */
  readonly account: string;
  /** Where it was found: a path, s3://bucket/key, or kafka://topic/partition/first-last. */
  readonly location: string;
  /** File name or object key without its folder. */
  readonly name: string;
  /** sha256 of the decoded bytes, hex. */
  readonly fileHash: string;
  /** Size as stored, bytes. */
  readonly sizeBytes: number;
  /** Row format. */
  readonly format: FileFormat;
  /** Packing. */
  readonly compression: Compression;
  /** Empty for the first run of this content; another value makes another batch. */
  readonly runId: string;
  /** Object version, when the source has one. */
  readonly etag: string | null;
}

/** How many rows of an account wait for a slot, as the pacer that holds them sees it; absolute. */
export interface PacerGauged {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** Account name from the settings. */
  readonly account: string;
  /** Partition of the requests. */
  readonly partition: number;
  /** Rows that wait, due or not. */
  readonly waiting: number;
  /** When the row that waits longest began to wait, UTC microseconds; null when none waits. */
  readonly oldestSince: Micros | null;
}

/** A row passed every check and waits for its slot (attempt 1). */
export interface RequestAdmitted {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** The whole request. */
  readonly request: Request;
}

/** A request that waited long was appended again so that old records can be deleted. */
export interface RequestCarried {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** The whole request. */
  readonly request: Request;
  /** Attempt number, from 1. */
  readonly attempt: number;
  /** Back-off carried from attempt to attempt. */
  readonly backoff: Backoff;
  /** Earliest slot, UTC microseconds. */
  readonly notBefore: Micros | null;
}

/** The one outcome of a request; written once, by whoever holds it then. */
export interface RequestClosed {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** The request. */
  readonly requestId: string;
  /** The batch. */
  readonly batchId: string;
  /** Account name from the settings. */
  readonly account: string;
  /** Data row number. */
  readonly row: number;
  /** API. */
  readonly api: Api;
  /** Outcome. */
  readonly outcome: Outcome;
  /** Closed list: outcome reasons. */
  readonly reason: string;
  /** Attempts claimed. */
  readonly attempts: number;
  /** HTTP status of the deciding response. */
  readonly httpStatus: number | null;
  /** Twilio's code of the deciding response. */
  readonly code: number | null;
  /** SID. */
  readonly sid: string | null;
  /** Start of the last call, UTC microseconds. */
  readonly calledAt: Micros | null;
  /** Error table version that decided. */
  readonly ruleVersion: string | null;
  /** JSON: what the outcome rests on, when it is unknown. */
  readonly evidence: string | null;
  /** The row's ExternalId. */
  readonly externalId: string | null;
  /** The answer's fields as JSON, capped. Personal. */
  readonly fields: string | null;
}

/** A row was refused at admission; this is its outcome. */
export interface RequestRefused {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** The batch. */
  readonly batchId: string;
  /** Account name from the settings. */
  readonly account: string;
  /** hash(batchId, row). */
  readonly requestId: string;
  /** Data row number, 1-based. */
  readonly row: number;
  /** Line where the row starts, 1-based. */
  readonly line: number;
  /** Column at fault, when there is one. */
  readonly column: string | null;
  /** Closed list: refusal codes. */
  readonly code: string;
  /** One line for a person. */
  readonly reason: string;
  /** The row's ExternalId. */
  readonly externalId: string | null;
  /** The row as uploaded, in column order. Personal. */
  readonly uploaded: readonly string[];
}

/** Rows of a batch were chosen for a resend and belong to it from here on; a resend of many rows has several. */
export interface ResendPlanned {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** The new batch: hash(resend, resendOf, resendId). */
  readonly batchId: string;
  /** Account name from the settings. */
  readonly account: string;
  /** The batch whose rows are called again. */
  readonly resendOf: string;
  /** The command's id. */
  readonly resendId: string;
  /** How many resends of that batch there are, this one included. */
  readonly generation: number;
  /** Rows of resendOf, ascending over all events of this resend; the n-th of them is row n of the new batch. */
  readonly ranges: readonly RowRange[];
  /** Row of the new batch that the first row of these ranges is. */
  readonly firstRow: number;
  /** Who wanted it. */
  readonly by: string;
  /** Why, for a person. */
  readonly reason: string;
}

/** A person wants rows of a batch called again, as requests of a new batch. Only rows closed at or before occurredAt count; which of them may be called again is the executor's to prove. */
export interface ResendRequested {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** The command's own id: delivered twice it is one resend. */
  readonly resendId: string;
  /** The batch whose rows are meant; never a resend itself. */
  readonly batchId: string;
  /** Outcomes of the rows meant. */
  readonly outcomes: readonly Outcome[];
  /** Twilio's codes of the rows meant; empty = any. */
  readonly codes: readonly number[];
  /** Only rows closed at or after this instant, UTC microseconds; null = whenever. */
  readonly since: Micros | null;
  /** New ExpiresAt of every row, UTC microseconds; null = each keeps its own. */
  readonly expiresAt: Micros | null;
  /** Who wants it. */
  readonly by: string;
  /** Why, for a person. */
  readonly reason: string;
}

/** What came back for an attempt, classified. A fact: it may be written by a sender that lost the partition. */
export interface ResponseRecorded {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** requestId#n. */
  readonly attemptId: string;
  /** The request. */
  readonly requestId: string;
  /** The batch. */
  readonly batchId: string;
  /** Account name from the settings. */
  readonly account: string;
  /** Attempt number, from 1. */
  readonly attempt: number;
  /** Class of the observation. */
  readonly class: ResponseClass;
  /** Closed list: response reasons. */
  readonly reason: string;
  /** HTTP status. */
  readonly httpStatus: number | null;
  /** Twilio's error code. */
  readonly code: number | null;
  /** Twilio's SID. */
  readonly sid: string | null;
  /** Twilio's message with long digit runs masked. */
  readonly message: string | null;
  /** Retry-After, milliseconds, as parsed and capped. */
  readonly retryAfterMs: number | null;
  /** Start of the call, UTC microseconds. */
  readonly calledAt: Micros | null;
  /** End of the answer, UTC microseconds. */
  readonly answeredAt: Micros | null;
  /** Request bytes handed to the socket. */
  readonly bytesWritten: number;
  /** Twilio-Request-Id. */
  readonly twilioRequestId: string | null;
  /** Twilio-Concurrent-Requests. */
  readonly concurrentRequests: number | null;
  /** The answer's fields as JSON, capped. Personal. */
  readonly resource: string | null;
  /** Process that called. */
  readonly sender: string;
}

/** The router decided on another attempt; the request waits for a slot again. */
export interface RetryScheduled {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** The whole request. */
  readonly request: Request;
  /** Attempt number, from 1. */
  readonly attempt: number;
  /** Back-off carried from attempt to attempt. */
  readonly backoff: Backoff;
  /** Earliest slot, UTC microseconds. */
  readonly notBefore: Micros;
  /** Closed list: retry reasons. */
  readonly reason: string;
  /** attemptId that this one follows. */
  readonly previous: string;
  /** Version of the error table that decided; null before it was recorded. */
  readonly ruleVersion: string | null;
}

/** The pacer closed rows of its backlog together (cancel, expiry); one outcome per row listed. */
export interface RowsClosed {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** The batch. */
  readonly batchId: string;
  /** Account name from the settings. */
  readonly account: string;
  /** Rows closed. */
  readonly ranges: readonly RowRange[];
  /** Their outcome. */
  readonly outcome: Outcome;
  /** Closed list: outcome reasons. */
  readonly reason: string;
}

/** A sender's absolute gauges for one slots partition and account. */
export interface SenderGauged {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** Process. */
  readonly sender: string;
  /** Slots partition. */
  readonly partition: number;
  /** Generation of the partition's opening. */
  readonly epoch: number;
  /** Account name from the settings. */
  readonly account: string;
  /** Calls under way. */
  readonly inFlight: number;
  /** p90 of recent answers, ms. */
  readonly latencyP90Ms: number | null;
  /** Mean of recent answers, ms. */
  readonly latencyMeanMs: number | null;
}

/** The permission to start one request's call at slotAt. A number is never used twice in an account. */
export interface SlotGranted {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** The whole request. */
  readonly request: Request;
  /** Attempt number, from 1. */
  readonly attempt: number;
  /** Back-off carried from attempt to attempt. */
  readonly backoff: Backoff;
  /** Start of the call, UTC microseconds, pacer's wall clock. */
  readonly slotAt: Micros;
  /** Slot number, upwards per account. */
  readonly number: number;
  /** Clock era of the account's slots. */
  readonly era: number;
  /** Cost granted on the account limit. */
  readonly cost: number;
}

/** A sender gave a slot back before claiming it; the same attempt waits again. */
export interface SlotReturned {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** The whole request. */
  readonly request: Request;
  /** Attempt number, from 1. */
  readonly attempt: number;
  /** Back-off carried from attempt to attempt. */
  readonly backoff: Backoff;
  /** Closed list: return reasons. */
  readonly reason: string;
  /** The slot's instant, UTC microseconds. */
  readonly slotAt: Micros;
  /** The slot's number. */
  readonly number: number;
}

/** Do not contact this contact on this channel from this sender; or the lifting of all that was said so before. */
export interface SuppressionSet {
  /** Identity and origin of this event. */
  readonly meta: Meta;
  /** Keyed hash of the recipient, hex. */
  readonly contact: string;
  /** sms, voice, verify, whatsapp or * for all. */
  readonly channel: string;
  /** Sender hash or service SID; * for all; value when the value itself is bad. */
  readonly scope: string;
  /** Where it comes from: code:21610, strike:30003:3:requestId, operator, import, consent. Of a lift: the origins it lifts, * for all, opt-in for every opt-out. */
  readonly origin: string;
  /** Why, for a person. */
  readonly reason: string;
  /** When it ends by itself, UTC microseconds. */
  readonly expiresAt: Micros | null;
  /** True when this lifts what its origins said of the contact up to its instant; channel and scope * lift all. */
  readonly lifted: boolean;
  /** Who set or lifted it, as operators are named; empty when an answer did. */
  readonly by: string;
  /** When what it says became so, UTC microseconds: the date of a consent; null when at meta.occurredAt. */
  readonly asOf: Micros | null;
}

/** Every event of the log by its record name. */
export interface EventTypes {
  AlertCleared: AlertCleared;
  AlertRaised: AlertRaised;
  AttemptStarted: AttemptStarted;
  BatchAdmitted: BatchAdmitted;
  BatchProgressed: BatchProgressed;
  BatchRead: BatchRead;
  BatchRefused: BatchRefused;
  CodesCounted: CodesCounted;
  ControlSet: ControlSet;
  DeadLettered: DeadLettered;
  DuplicateFileSeen: DuplicateFileSeen;
  FileFound: FileFound;
  PacerGauged: PacerGauged;
  RequestAdmitted: RequestAdmitted;
  RequestCarried: RequestCarried;
  RequestClosed: RequestClosed;
  RequestRefused: RequestRefused;
  ResendPlanned: ResendPlanned;
  ResendRequested: ResendRequested;
  ResponseRecorded: ResponseRecorded;
  RetryScheduled: RetryScheduled;
  RowsClosed: RowsClosed;
  SenderGauged: SenderGauged;
  SlotGranted: SlotGranted;
  SlotReturned: SlotReturned;
  SuppressionSet: SuppressionSet;
}

/** Self-contained Avro schemas, as registered; one subject per record name. */
export const schemas: Readonly<Record<keyof EventTypes, string>> = {
  AlertCleared:
    "{\"type\":\"record\",\"name\":\"AlertCleared\",\"namespace\":\"paceline\",\"doc\":\"What an alert was raised for is over.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"alert\",\"type\":\"string\",\"doc\":\"Name of the rule.\"},{\"name\":\"scope\",\"type\":\"string\",\"doc\":\"What it is about: account:NAME, or topic:NAME/PARTITION.\"},{\"name\":\"account\",\"type\":[\"null\",\"string\"],\"doc\":\"Account name from the settings; null when it is about no account.\",\"default\":null},{\"name\":\"value\",\"type\":\"double\",\"doc\":\"What was measured, in the unit of the rule.\"},{\"name\":\"threshold\",\"type\":\"double\",\"doc\":\"The value was at most this, lower than what raises it.\"},{\"name\":\"since\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"From when on the alert held, UTC microseconds.\"},{\"name\":\"text\",\"type\":\"string\",\"doc\":\"The same for a person.\"}]}",
  AlertRaised:
    "{\"type\":\"record\",\"name\":\"AlertRaised\",\"namespace\":\"paceline\",\"doc\":\"A rule that watches the product was broken for long enough; it holds until it is cleared.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"alert\",\"type\":\"string\",\"doc\":\"Name of the rule.\"},{\"name\":\"scope\",\"type\":\"string\",\"doc\":\"What it is about: account:NAME, or topic:NAME/PARTITION.\"},{\"name\":\"account\",\"type\":[\"null\",\"string\"],\"doc\":\"Account name from the settings; null when it is about no account.\",\"default\":null},{\"name\":\"value\",\"type\":\"double\",\"doc\":\"What was measured, in the unit of the rule.\"},{\"name\":\"threshold\",\"type\":\"double\",\"doc\":\"The value was above it.\"},{\"name\":\"since\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"From when on it was above, UTC microseconds.\"},{\"name\":\"text\",\"type\":\"string\",\"doc\":\"The same for a person.\"}]}",
  AttemptStarted:
    "{\"type\":\"record\",\"name\":\"AttemptStarted\",\"namespace\":\"paceline\",\"doc\":\"The claim: the right to make this attempt's call once, before the deadline.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"attemptId\",\"type\":\"string\",\"doc\":\"requestId#n.\"},{\"name\":\"request\",\"type\":{\"type\":\"record\",\"name\":\"Request\",\"namespace\":\"paceline\",\"doc\":\"One admitted row that is to become one API call; complete, so that whoever holds it needs nothing else.\",\"fields\":[{\"name\":\"requestId\",\"type\":\"string\",\"doc\":\"hash(batchId, row).\"},{\"name\":\"batchId\",\"type\":\"string\",\"doc\":\"hash(content hash, account, runId).\"},{\"name\":\"account\",\"type\":\"string\",\"doc\":\"Account name from the settings.\"},{\"name\":\"api\",\"type\":{\"type\":\"enum\",\"name\":\"Api\",\"namespace\":\"paceline\",\"doc\":\"Which Twilio API a row calls.\",\"symbols\":[\"unknown\",\"messages\",\"calls\",\"verify\",\"lookup\",\"studio\"],\"default\":\"unknown\"},\"doc\":\"Which API the row calls.\"},{\"name\":\"lane\",\"type\":\"string\",\"doc\":\"Queue inside the account that shares one more limit; a hash where it stems from a phone number.\"},{\"name\":\"row\",\"type\":\"long\",\"doc\":\"Data row number, 1-based, header not counted.\"},{\"name\":\"line\",\"type\":\"long\",\"doc\":\"Line of the file where the row starts, 1-based.\"},{\"name\":\"cost\",\"type\":\"int\",\"doc\":\"Cost against segment limits: message segments, 1 for the other APIs.\"},{\"name\":\"priority\",\"type\":\"int\",\"doc\":\"Higher goes first; 0 is normal.\",\"default\":0},{\"name\":\"notBefore\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"Do not call before this instant, UTC microseconds.\",\"default\":null},{\"name\":\"expiresAt\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"Never call after this instant, UTC microseconds.\",\"default\":null},{\"name\":\"timeZone\",\"type\":[\"null\",\"string\"],\"doc\":\"IANA zone of the recipient in which quiet hours are judged: the row's own column, else by area code; null = not known, or quiet hours do not apply.\",\"default\":null},{\"name\":\"externalId\",\"type\":[\"null\",\"string\"],\"doc\":\"The row's ExternalId, untouched.\",\"default\":null},{\"name\":\"contact\",\"type\":\"string\",\"doc\":\"Keyed hash of the recipient, hex; joins suppressions without the number.\"},{\"name\":\"sender\",\"type\":\"string\",\"doc\":\"Keyed hash of From or the MessagingServiceSid; empty when the API has none.\"},{\"name\":\"parent\",\"type\":[\"null\",\"string\"],\"doc\":\"requestId this one was chained or resent from.\",\"default\":null},{\"name\":\"personal\",\"type\":{\"type\":\"record\",\"name\":\"Personal\",\"namespace\":\"paceline\",\"doc\":\"The only place of phone numbers and bodies inside an event, so that redaction and retention have one place.\",\"fields\":[{\"name\":\"to\",\"type\":\"string\",\"doc\":\"Recipient as the row gave it: E.164, or an API's own address form.\"},{\"name\":\"params\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"Param\",\"namespace\":\"paceline\",\"doc\":\"One request parameter as the row gave it; repeated names make a list.\",\"fields\":[{\"name\":\"name\",\"type\":\"string\",\"doc\":\"Twilio's parameter name.\"},{\"name\":\"value\",\"type\":\"string\",\"doc\":\"The value as text.\"}]}},\"doc\":\"All parameters of the call except To, in row order.\"}]},\"doc\":\"Phone numbers and bodies.\"}]},\"doc\":\"The whole request.\"},{\"name\":\"attempt\",\"type\":\"int\",\"doc\":\"Attempt number, from 1.\"},{\"name\":\"backoff\",\"type\":{\"type\":\"record\",\"name\":\"Backoff\",\"namespace\":\"paceline\",\"doc\":\"How often and since when a request has been throttled or unreachable; gates never count here.\",\"fields\":[{\"name\":\"throttles\",\"type\":\"int\",\"doc\":\"Attempts answered 429 or ended by a network failure before any byte.\"},{\"name\":\"since\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"First of them, UTC microseconds; null when there was none.\",\"default\":null}]},\"doc\":\"Back-off carried from attempt to attempt.\"},{\"name\":\"slotAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"The slot's instant, UTC microseconds.\"},{\"name\":\"number\",\"type\":\"long\",\"doc\":\"The slot's number.\"},{\"name\":\"deadline\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"No first byte after this instant, UTC microseconds.\"},{\"name\":\"sender\",\"type\":\"string\",\"doc\":\"Process that claimed.\"}]}",
  BatchAdmitted:
    "{\"type\":\"record\",\"name\":\"BatchAdmitted\",\"namespace\":\"paceline\",\"doc\":\"A file is being read; its rows become requests from here on.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"batchId\",\"type\":\"string\",\"doc\":\"The batch.\"},{\"name\":\"account\",\"type\":\"string\",\"doc\":\"Account name from the settings.\"},{\"name\":\"source\",\"type\":\"string\",\"doc\":\"Source name from the settings.\"},{\"name\":\"name\",\"type\":\"string\",\"doc\":\"File name or object key without its folder.\"},{\"name\":\"location\",\"type\":\"string\",\"doc\":\"Where it was found: a path, s3://bucket/key, or kafka://topic/partition/first-last.\"},{\"name\":\"fileHash\",\"type\":\"string\",\"doc\":\"sha256 of the decoded bytes, hex.\"},{\"name\":\"runId\",\"type\":\"string\",\"doc\":\"Run id.\"},{\"name\":\"format\",\"type\":{\"type\":\"enum\",\"name\":\"FileFormat\",\"namespace\":\"paceline\",\"doc\":\"How the file's rows are written.\",\"symbols\":[\"unknown\",\"csv\",\"json\",\"ndjson\"],\"default\":\"unknown\"},\"doc\":\"Row format.\"},{\"name\":\"columns\",\"type\":{\"type\":\"array\",\"items\":\"string\"},\"doc\":\"Header as uploaded, in order.\"}]}",
  BatchProgressed:
    "{\"type\":\"record\",\"name\":\"BatchProgressed\",\"namespace\":\"paceline\",\"doc\":\"A chunk of rows was committed together with its requests and refusals.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"batchId\",\"type\":\"string\",\"doc\":\"The batch.\"},{\"name\":\"account\",\"type\":\"string\",\"doc\":\"Account name from the settings.\"},{\"name\":\"rows\",\"type\":\"long\",\"doc\":\"Rows read so far.\"},{\"name\":\"admitted\",\"type\":\"long\",\"doc\":\"Admitted so far.\"},{\"name\":\"refused\",\"type\":\"long\",\"doc\":\"Refused so far.\"}]}",
  BatchRead:
    "{\"type\":\"record\",\"name\":\"BatchRead\",\"namespace\":\"paceline\",\"doc\":\"The whole file was read (or reading stopped for good): these are its totals.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"batchId\",\"type\":\"string\",\"doc\":\"The batch.\"},{\"name\":\"account\",\"type\":\"string\",\"doc\":\"Account name from the settings.\"},{\"name\":\"rows\",\"type\":\"long\",\"doc\":\"Rows read.\"},{\"name\":\"admitted\",\"type\":\"long\",\"doc\":\"Admitted.\"},{\"name\":\"refused\",\"type\":\"long\",\"doc\":\"Refused.\"},{\"name\":\"segments\",\"type\":\"long\",\"doc\":\"Cost of the admitted rows, segments.\"},{\"name\":\"reasons\",\"type\":{\"type\":\"map\",\"values\":\"long\"},\"doc\":\"Refused rows by code.\"},{\"name\":\"warnings\",\"type\":{\"type\":\"array\",\"items\":\"string\"},\"doc\":\"What was ignored or kept aside, one line each.\"},{\"name\":\"complete\",\"type\":\"boolean\",\"doc\":\"False when reading stopped before the end (cancelled, or the file changed).\"}]}",
  BatchRefused:
    "{\"type\":\"record\",\"name\":\"BatchRefused\",\"namespace\":\"paceline\",\"doc\":\"A file or the rest of a file was refused; nothing after the stated line was admitted.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"batchId\",\"type\":\"string\",\"doc\":\"The batch.\"},{\"name\":\"account\",\"type\":\"string\",\"doc\":\"Account name from the settings.\"},{\"name\":\"source\",\"type\":\"string\",\"doc\":\"Source name from the settings.\"},{\"name\":\"name\",\"type\":\"string\",\"doc\":\"File name or object key without its folder.\"},{\"name\":\"location\",\"type\":\"string\",\"doc\":\"Where it was found: a path, s3://bucket/key, or kafka://topic/partition/first-last.\"},{\"name\":\"code\",\"type\":\"string\",\"doc\":\"Closed list: refusal codes.\"},{\"name\":\"reason\",\"type\":\"string\",\"doc\":\"One line for a person: what, where, what to do.\"},{\"name\":\"line\",\"type\":[\"null\",\"long\"],\"doc\":\"Line of the file, when there is one.\",\"default\":null}]}",
  CodesCounted:
    "{\"type\":\"record\",\"name\":\"CodesCounted\",\"namespace\":\"paceline\",\"doc\":\"How the attempts of one account ended that one transaction of the error-router decided; what the pacer adapts to.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"account\",\"type\":\"string\",\"doc\":\"Account name from the settings.\"},{\"name\":\"partition\",\"type\":\"int\",\"doc\":\"Partition of the error-router that counted.\"},{\"name\":\"counts\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"CodeCount\",\"namespace\":\"paceline\",\"doc\":\"Attempts that ended alike.\",\"fields\":[{\"name\":\"lane\",\"type\":\"string\",\"doc\":\"Lane of the requests.\"},{\"name\":\"batchId\",\"type\":\"string\",\"doc\":\"Batch of the requests.\"},{\"name\":\"class\",\"type\":{\"type\":\"enum\",\"name\":\"ResponseClass\",\"namespace\":\"paceline\",\"doc\":\"What an observation of an attempt means (the class table).\",\"symbols\":[\"UNCLASSIFIED\",\"NOT_SENT\",\"NOT_PROCESSED\",\"ACCEPTED\",\"ACCEPTED_NO_SID\",\"REJECTED\",\"ACCOUNT_STOP\",\"IN_DOUBT\"],\"default\":\"UNCLASSIFIED\"},\"doc\":\"Class of the answers.\"},{\"name\":\"code\",\"type\":[\"null\",\"int\"],\"doc\":\"Twilio's error code; null when there was none.\",\"default\":null},{\"name\":\"attempts\",\"type\":\"int\",\"doc\":\"How many attempts ended so.\"}]}},\"doc\":\"One entry per lane, batch, class and code.\"}]}",
  ControlSet:
    "{\"type\":\"record\",\"name\":\"ControlSet\",\"namespace\":\"paceline\",\"doc\":\"Desired state of one aspect of an account, lane or batch by one origin; null lifts it.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"entity\",\"type\":\"string\",\"doc\":\"account:NAME, lane:ID or batch:ID.\"},{\"name\":\"aspect\",\"type\":\"string\",\"doc\":\"rate, cap, paused, parked, breaker, cancelled, priority.\"},{\"name\":\"origin\",\"type\":{\"type\":\"enum\",\"name\":\"ControlOrigin\",\"namespace\":\"paceline\",\"doc\":\"Who set a control; between origins the most restrictive wins.\",\"symbols\":[\"operator\",\"breaker\",\"adaptive\"],\"default\":\"operator\"},\"doc\":\"Who set it.\"},{\"name\":\"value\",\"type\":[\"null\",\"string\"],\"doc\":\"JSON value; null = lifted.\",\"default\":null},{\"name\":\"reason\",\"type\":\"string\",\"doc\":\"Why, for a person.\"},{\"name\":\"by\",\"type\":\"string\",\"doc\":\"Command or rule.\"}]}",
  DeadLettered:
    "{\"type\":\"record\",\"name\":\"DeadLettered\",\"namespace\":\"paceline\",\"doc\":\"A record that could not be decoded or handled, raw, with where and why.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"service\",\"type\":\"string\",\"doc\":\"Who gave up on it.\"},{\"name\":\"sourceTopic\",\"type\":\"string\",\"doc\":\"Topic.\"},{\"name\":\"sourcePartition\",\"type\":\"int\",\"doc\":\"Partition.\"},{\"name\":\"sourceOffset\",\"type\":\"long\",\"doc\":\"Offset.\"},{\"name\":\"reason\",\"type\":\"string\",\"doc\":\"Why.\"},{\"name\":\"key\",\"type\":[\"null\",\"bytes\"],\"doc\":\"Raw key.\",\"default\":null},{\"name\":\"value\",\"type\":[\"null\",\"bytes\"],\"doc\":\"Raw value.\",\"default\":null},{\"name\":\"headers\",\"type\":{\"type\":\"map\",\"values\":\"string\"},\"doc\":\"Headers as text.\"}]}",
  DuplicateFileSeen:
    "{\"type\":\"record\",\"name\":\"DuplicateFileSeen\",\"namespace\":\"paceline\",\"doc\":\"The same content was found again for the same account and run; nothing is sent again.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"batchId\",\"type\":\"string\",\"doc\":\"The batch.\"},{\"name\":\"account\",\"type\":\"string\",\"doc\":\"Account name from the settings.\"},{\"name\":\"source\",\"type\":\"string\",\"doc\":\"Source name from the settings.\"},{\"name\":\"name\",\"type\":\"string\",\"doc\":\"File name or object key without its folder.\"},{\"name\":\"location\",\"type\":\"string\",\"doc\":\"Where it was found: a path, s3://bucket/key, or kafka://topic/partition/first-last.\"}]}",
  FileFound:
    "{\"type\":\"record\",\"name\":\"FileFound\",\"namespace\":\"paceline\",\"doc\":\"A complete file, object or stretch of the intake topic was found and hashed; not yet read.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"source\",\"type\":\"string\",\"doc\":\"Source name from the settings.\"},{\"name\":\"account\",\"type\":\"string\",\"doc\":\"Account name from the settings.\"},{\"name\":\"location\",\"type\":\"string\",\"doc\":\"Where it was found: a path, s3://bucket/key, or kafka://topic/partition/first-last.\"},{\"name\":\"name\",\"type\":\"string\",\"doc\":\"File name or object key without its folder.\"},{\"name\":\"fileHash\",\"type\":\"string\",\"doc\":\"sha256 of the decoded bytes, hex.\"},{\"name\":\"sizeBytes\",\"type\":\"long\",\"doc\":\"Size as stored, bytes.\"},{\"name\":\"format\",\"type\":{\"type\":\"enum\",\"name\":\"FileFormat\",\"namespace\":\"paceline\",\"doc\":\"How the file's rows are written.\",\"symbols\":[\"unknown\",\"csv\",\"json\",\"ndjson\"],\"default\":\"unknown\"},\"doc\":\"Row format.\"},{\"name\":\"compression\",\"type\":{\"type\":\"enum\",\"name\":\"Compression\",\"namespace\":\"paceline\",\"doc\":\"How the file's bytes are packed.\",\"symbols\":[\"none\",\"gzip\"],\"default\":\"none\"},\"doc\":\"Packing.\"},{\"name\":\"runId\",\"type\":\"string\",\"doc\":\"Empty for the first run of this content; another value makes another batch.\"},{\"name\":\"etag\",\"type\":[\"null\",\"string\"],\"doc\":\"Object version, when the source has one.\",\"default\":null}]}",
  PacerGauged:
    "{\"type\":\"record\",\"name\":\"PacerGauged\",\"namespace\":\"paceline\",\"doc\":\"How many rows of an account wait for a slot, as the pacer that holds them sees it; absolute.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"account\",\"type\":\"string\",\"doc\":\"Account name from the settings.\"},{\"name\":\"partition\",\"type\":\"int\",\"doc\":\"Partition of the requests.\"},{\"name\":\"waiting\",\"type\":\"long\",\"doc\":\"Rows that wait, due or not.\"},{\"name\":\"oldestSince\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"When the row that waits longest began to wait, UTC microseconds; null when none waits.\",\"default\":null}]}",
  RequestAdmitted:
    "{\"type\":\"record\",\"name\":\"RequestAdmitted\",\"namespace\":\"paceline\",\"doc\":\"A row passed every check and waits for its slot (attempt 1).\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"request\",\"type\":{\"type\":\"record\",\"name\":\"Request\",\"namespace\":\"paceline\",\"doc\":\"One admitted row that is to become one API call; complete, so that whoever holds it needs nothing else.\",\"fields\":[{\"name\":\"requestId\",\"type\":\"string\",\"doc\":\"hash(batchId, row).\"},{\"name\":\"batchId\",\"type\":\"string\",\"doc\":\"hash(content hash, account, runId).\"},{\"name\":\"account\",\"type\":\"string\",\"doc\":\"Account name from the settings.\"},{\"name\":\"api\",\"type\":{\"type\":\"enum\",\"name\":\"Api\",\"namespace\":\"paceline\",\"doc\":\"Which Twilio API a row calls.\",\"symbols\":[\"unknown\",\"messages\",\"calls\",\"verify\",\"lookup\",\"studio\"],\"default\":\"unknown\"},\"doc\":\"Which API the row calls.\"},{\"name\":\"lane\",\"type\":\"string\",\"doc\":\"Queue inside the account that shares one more limit; a hash where it stems from a phone number.\"},{\"name\":\"row\",\"type\":\"long\",\"doc\":\"Data row number, 1-based, header not counted.\"},{\"name\":\"line\",\"type\":\"long\",\"doc\":\"Line of the file where the row starts, 1-based.\"},{\"name\":\"cost\",\"type\":\"int\",\"doc\":\"Cost against segment limits: message segments, 1 for the other APIs.\"},{\"name\":\"priority\",\"type\":\"int\",\"doc\":\"Higher goes first; 0 is normal.\",\"default\":0},{\"name\":\"notBefore\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"Do not call before this instant, UTC microseconds.\",\"default\":null},{\"name\":\"expiresAt\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"Never call after this instant, UTC microseconds.\",\"default\":null},{\"name\":\"timeZone\",\"type\":[\"null\",\"string\"],\"doc\":\"IANA zone of the recipient in which quiet hours are judged: the row's own column, else by area code; null = not known, or quiet hours do not apply.\",\"default\":null},{\"name\":\"externalId\",\"type\":[\"null\",\"string\"],\"doc\":\"The row's ExternalId, untouched.\",\"default\":null},{\"name\":\"contact\",\"type\":\"string\",\"doc\":\"Keyed hash of the recipient, hex; joins suppressions without the number.\"},{\"name\":\"sender\",\"type\":\"string\",\"doc\":\"Keyed hash of From or the MessagingServiceSid; empty when the API has none.\"},{\"name\":\"parent\",\"type\":[\"null\",\"string\"],\"doc\":\"requestId this one was chained or resent from.\",\"default\":null},{\"name\":\"personal\",\"type\":{\"type\":\"record\",\"name\":\"Personal\",\"namespace\":\"paceline\",\"doc\":\"The only place of phone numbers and bodies inside an event, so that redaction and retention have one place.\",\"fields\":[{\"name\":\"to\",\"type\":\"string\",\"doc\":\"Recipient as the row gave it: E.164, or an API's own address form.\"},{\"name\":\"params\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"Param\",\"namespace\":\"paceline\",\"doc\":\"One request parameter as the row gave it; repeated names make a list.\",\"fields\":[{\"name\":\"name\",\"type\":\"string\",\"doc\":\"Twilio's parameter name.\"},{\"name\":\"value\",\"type\":\"string\",\"doc\":\"The value as text.\"}]}},\"doc\":\"All parameters of the call except To, in row order.\"}]},\"doc\":\"Phone numbers and bodies.\"}]},\"doc\":\"The whole request.\"}]}",
  RequestCarried:
    "{\"type\":\"record\",\"name\":\"RequestCarried\",\"namespace\":\"paceline\",\"doc\":\"A request that waited long was appended again so that old records can be deleted.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"request\",\"type\":{\"type\":\"record\",\"name\":\"Request\",\"namespace\":\"paceline\",\"doc\":\"One admitted row that is to become one API call; complete, so that whoever holds it needs nothing else.\",\"fields\":[{\"name\":\"requestId\",\"type\":\"string\",\"doc\":\"hash(batchId, row).\"},{\"name\":\"batchId\",\"type\":\"string\",\"doc\":\"hash(content hash, account, runId).\"},{\"name\":\"account\",\"type\":\"string\",\"doc\":\"Account name from the settings.\"},{\"name\":\"api\",\"type\":{\"type\":\"enum\",\"name\":\"Api\",\"namespace\":\"paceline\",\"doc\":\"Which Twilio API a row calls.\",\"symbols\":[\"unknown\",\"messages\",\"calls\",\"verify\",\"lookup\",\"studio\"],\"default\":\"unknown\"},\"doc\":\"Which API the row calls.\"},{\"name\":\"lane\",\"type\":\"string\",\"doc\":\"Queue inside the account that shares one more limit; a hash where it stems from a phone number.\"},{\"name\":\"row\",\"type\":\"long\",\"doc\":\"Data row number, 1-based, header not counted.\"},{\"name\":\"line\",\"type\":\"long\",\"doc\":\"Line of the file where the row starts, 1-based.\"},{\"name\":\"cost\",\"type\":\"int\",\"doc\":\"Cost against segment limits: message segments, 1 for the other APIs.\"},{\"name\":\"priority\",\"type\":\"int\",\"doc\":\"Higher goes first; 0 is normal.\",\"default\":0},{\"name\":\"notBefore\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"Do not call before this instant, UTC microseconds.\",\"default\":null},{\"name\":\"expiresAt\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"Never call after this instant, UTC microseconds.\",\"default\":null},{\"name\":\"timeZone\",\"type\":[\"null\",\"string\"],\"doc\":\"IANA zone of the recipient in which quiet hours are judged: the row's own column, else by area code; null = not known, or quiet hours do not apply.\",\"default\":null},{\"name\":\"externalId\",\"type\":[\"null\",\"string\"],\"doc\":\"The row's ExternalId, untouched.\",\"default\":null},{\"name\":\"contact\",\"type\":\"string\",\"doc\":\"Keyed hash of the recipient, hex; joins suppressions without the number.\"},{\"name\":\"sender\",\"type\":\"string\",\"doc\":\"Keyed hash of From or the MessagingServiceSid; empty when the API has none.\"},{\"name\":\"parent\",\"type\":[\"null\",\"string\"],\"doc\":\"requestId this one was chained or resent from.\",\"default\":null},{\"name\":\"personal\",\"type\":{\"type\":\"record\",\"name\":\"Personal\",\"namespace\":\"paceline\",\"doc\":\"The only place of phone numbers and bodies inside an event, so that redaction and retention have one place.\",\"fields\":[{\"name\":\"to\",\"type\":\"string\",\"doc\":\"Recipient as the row gave it: E.164, or an API's own address form.\"},{\"name\":\"params\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"Param\",\"namespace\":\"paceline\",\"doc\":\"One request parameter as the row gave it; repeated names make a list.\",\"fields\":[{\"name\":\"name\",\"type\":\"string\",\"doc\":\"Twilio's parameter name.\"},{\"name\":\"value\",\"type\":\"string\",\"doc\":\"The value as text.\"}]}},\"doc\":\"All parameters of the call except To, in row order.\"}]},\"doc\":\"Phone numbers and bodies.\"}]},\"doc\":\"The whole request.\"},{\"name\":\"attempt\",\"type\":\"int\",\"doc\":\"Attempt number, from 1.\"},{\"name\":\"backoff\",\"type\":{\"type\":\"record\",\"name\":\"Backoff\",\"namespace\":\"paceline\",\"doc\":\"How often and since when a request has been throttled or unreachable; gates never count here.\",\"fields\":[{\"name\":\"throttles\",\"type\":\"int\",\"doc\":\"Attempts answered 429 or ended by a network failure before any byte.\"},{\"name\":\"since\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"First of them, UTC microseconds; null when there was none.\",\"default\":null}]},\"doc\":\"Back-off carried from attempt to attempt.\"},{\"name\":\"notBefore\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"Earliest slot, UTC microseconds.\",\"default\":null}]}",
  RequestClosed:
    "{\"type\":\"record\",\"name\":\"RequestClosed\",\"namespace\":\"paceline\",\"doc\":\"The one outcome of a request; written once, by whoever holds it then.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"requestId\",\"type\":\"string\",\"doc\":\"The request.\"},{\"name\":\"batchId\",\"type\":\"string\",\"doc\":\"The batch.\"},{\"name\":\"account\",\"type\":\"string\",\"doc\":\"Account name from the settings.\"},{\"name\":\"row\",\"type\":\"long\",\"doc\":\"Data row number.\"},{\"name\":\"api\",\"type\":{\"type\":\"enum\",\"name\":\"Api\",\"namespace\":\"paceline\",\"doc\":\"Which Twilio API a row calls.\",\"symbols\":[\"unknown\",\"messages\",\"calls\",\"verify\",\"lookup\",\"studio\"],\"default\":\"unknown\"},\"doc\":\"API.\"},{\"name\":\"outcome\",\"type\":{\"type\":\"enum\",\"name\":\"Outcome\",\"namespace\":\"paceline\",\"doc\":\"The one final state of a request.\",\"symbols\":[\"open\",\"accepted\",\"rejected\",\"refused\",\"suppressed\",\"expired\",\"cancelled\",\"unknown\"],\"default\":\"open\"},\"doc\":\"Outcome.\"},{\"name\":\"reason\",\"type\":\"string\",\"doc\":\"Closed list: outcome reasons.\"},{\"name\":\"attempts\",\"type\":\"int\",\"doc\":\"Attempts claimed.\"},{\"name\":\"httpStatus\",\"type\":[\"null\",\"int\"],\"doc\":\"HTTP status of the deciding response.\",\"default\":null},{\"name\":\"code\",\"type\":[\"null\",\"int\"],\"doc\":\"Twilio's code of the deciding response.\",\"default\":null},{\"name\":\"sid\",\"type\":[\"null\",\"string\"],\"doc\":\"SID.\",\"default\":null},{\"name\":\"calledAt\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"Start of the last call, UTC microseconds.\",\"default\":null},{\"name\":\"ruleVersion\",\"type\":[\"null\",\"string\"],\"doc\":\"Error table version that decided.\",\"default\":null},{\"name\":\"evidence\",\"type\":[\"null\",\"string\"],\"doc\":\"JSON: what the outcome rests on, when it is unknown.\",\"default\":null},{\"name\":\"externalId\",\"type\":[\"null\",\"string\"],\"doc\":\"The row's ExternalId.\",\"default\":null},{\"name\":\"fields\",\"type\":[\"null\",\"string\"],\"doc\":\"The answer's fields as JSON, capped. Personal.\",\"default\":null}]}",
  RequestRefused:
    "{\"type\":\"record\",\"name\":\"RequestRefused\",\"namespace\":\"paceline\",\"doc\":\"A row was refused at admission; this is its outcome.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"batchId\",\"type\":\"string\",\"doc\":\"The batch.\"},{\"name\":\"account\",\"type\":\"string\",\"doc\":\"Account name from the settings.\"},{\"name\":\"requestId\",\"type\":\"string\",\"doc\":\"hash(batchId, row).\"},{\"name\":\"row\",\"type\":\"long\",\"doc\":\"Data row number, 1-based.\"},{\"name\":\"line\",\"type\":\"long\",\"doc\":\"Line where the row starts, 1-based.\"},{\"name\":\"column\",\"type\":[\"null\",\"string\"],\"doc\":\"Column at fault, when there is one.\",\"default\":null},{\"name\":\"code\",\"type\":\"string\",\"doc\":\"Closed list: refusal codes.\"},{\"name\":\"reason\",\"type\":\"string\",\"doc\":\"One line for a person.\"},{\"name\":\"externalId\",\"type\":[\"null\",\"string\"],\"doc\":\"The row's ExternalId.\",\"default\":null},{\"name\":\"uploaded\",\"type\":{\"type\":\"array\",\"items\":\"string\"},\"doc\":\"The row as uploaded, in column order. Personal.\"}]}",
  ResendPlanned:
    "{\"type\":\"record\",\"name\":\"ResendPlanned\",\"namespace\":\"paceline\",\"doc\":\"Rows of a batch were chosen for a resend and belong to it from here on; a resend of many rows has several.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"batchId\",\"type\":\"string\",\"doc\":\"The new batch: hash(resend, resendOf, resendId).\"},{\"name\":\"account\",\"type\":\"string\",\"doc\":\"Account name from the settings.\"},{\"name\":\"resendOf\",\"type\":\"string\",\"doc\":\"The batch whose rows are called again.\"},{\"name\":\"resendId\",\"type\":\"string\",\"doc\":\"The command's id.\"},{\"name\":\"generation\",\"type\":\"int\",\"doc\":\"How many resends of that batch there are, this one included.\"},{\"name\":\"ranges\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"RowRange\",\"namespace\":\"paceline\",\"doc\":\"Rows from..to of a batch, both included.\",\"fields\":[{\"name\":\"from\",\"type\":\"long\",\"doc\":\"First row.\"},{\"name\":\"to\",\"type\":\"long\",\"doc\":\"Last row.\"}]}},\"doc\":\"Rows of resendOf, ascending over all events of this resend; the n-th of them is row n of the new batch.\"},{\"name\":\"firstRow\",\"type\":\"long\",\"doc\":\"Row of the new batch that the first row of these ranges is.\"},{\"name\":\"by\",\"type\":\"string\",\"doc\":\"Who wanted it.\"},{\"name\":\"reason\",\"type\":\"string\",\"doc\":\"Why, for a person.\"}]}",
  ResendRequested:
    "{\"type\":\"record\",\"name\":\"ResendRequested\",\"namespace\":\"paceline\",\"doc\":\"A person wants rows of a batch called again, as requests of a new batch. Only rows closed at or before occurredAt count; which of them may be called again is the executor's to prove.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"resendId\",\"type\":\"string\",\"doc\":\"The command's own id: delivered twice it is one resend.\"},{\"name\":\"batchId\",\"type\":\"string\",\"doc\":\"The batch whose rows are meant; never a resend itself.\"},{\"name\":\"outcomes\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"enum\",\"name\":\"Outcome\",\"namespace\":\"paceline\",\"doc\":\"The one final state of a request.\",\"symbols\":[\"open\",\"accepted\",\"rejected\",\"refused\",\"suppressed\",\"expired\",\"cancelled\",\"unknown\"],\"default\":\"open\"}},\"doc\":\"Outcomes of the rows meant.\"},{\"name\":\"codes\",\"type\":{\"type\":\"array\",\"items\":\"int\"},\"doc\":\"Twilio's codes of the rows meant; empty = any.\"},{\"name\":\"since\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"Only rows closed at or after this instant, UTC microseconds; null = whenever.\",\"default\":null},{\"name\":\"expiresAt\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"New ExpiresAt of every row, UTC microseconds; null = each keeps its own.\",\"default\":null},{\"name\":\"by\",\"type\":\"string\",\"doc\":\"Who wants it.\"},{\"name\":\"reason\",\"type\":\"string\",\"doc\":\"Why, for a person.\"}]}",
  ResponseRecorded:
    "{\"type\":\"record\",\"name\":\"ResponseRecorded\",\"namespace\":\"paceline\",\"doc\":\"What came back for an attempt, classified. A fact: it may be written by a sender that lost the partition.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"attemptId\",\"type\":\"string\",\"doc\":\"requestId#n.\"},{\"name\":\"requestId\",\"type\":\"string\",\"doc\":\"The request.\"},{\"name\":\"batchId\",\"type\":\"string\",\"doc\":\"The batch.\"},{\"name\":\"account\",\"type\":\"string\",\"doc\":\"Account name from the settings.\"},{\"name\":\"attempt\",\"type\":\"int\",\"doc\":\"Attempt number, from 1.\"},{\"name\":\"class\",\"type\":{\"type\":\"enum\",\"name\":\"ResponseClass\",\"namespace\":\"paceline\",\"doc\":\"What an observation of an attempt means (the class table).\",\"symbols\":[\"UNCLASSIFIED\",\"NOT_SENT\",\"NOT_PROCESSED\",\"ACCEPTED\",\"ACCEPTED_NO_SID\",\"REJECTED\",\"ACCOUNT_STOP\",\"IN_DOUBT\"],\"default\":\"UNCLASSIFIED\"},\"doc\":\"Class of the observation.\"},{\"name\":\"reason\",\"type\":\"string\",\"doc\":\"Closed list: response reasons.\"},{\"name\":\"httpStatus\",\"type\":[\"null\",\"int\"],\"doc\":\"HTTP status.\",\"default\":null},{\"name\":\"code\",\"type\":[\"null\",\"int\"],\"doc\":\"Twilio's error code.\",\"default\":null},{\"name\":\"sid\",\"type\":[\"null\",\"string\"],\"doc\":\"Twilio's SID.\",\"default\":null},{\"name\":\"message\",\"type\":[\"null\",\"string\"],\"doc\":\"Twilio's message with long digit runs masked.\",\"default\":null},{\"name\":\"retryAfterMs\",\"type\":[\"null\",\"long\"],\"doc\":\"Retry-After, milliseconds, as parsed and capped.\",\"default\":null},{\"name\":\"calledAt\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"Start of the call, UTC microseconds.\",\"default\":null},{\"name\":\"answeredAt\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"End of the answer, UTC microseconds.\",\"default\":null},{\"name\":\"bytesWritten\",\"type\":\"long\",\"doc\":\"Request bytes handed to the socket.\"},{\"name\":\"twilioRequestId\",\"type\":[\"null\",\"string\"],\"doc\":\"Twilio-Request-Id.\",\"default\":null},{\"name\":\"concurrentRequests\",\"type\":[\"null\",\"int\"],\"doc\":\"Twilio-Concurrent-Requests.\",\"default\":null},{\"name\":\"resource\",\"type\":[\"null\",\"string\"],\"doc\":\"The answer's fields as JSON, capped. Personal.\",\"default\":null},{\"name\":\"sender\",\"type\":\"string\",\"doc\":\"Process that called.\"}]}",
  RetryScheduled:
    "{\"type\":\"record\",\"name\":\"RetryScheduled\",\"namespace\":\"paceline\",\"doc\":\"The router decided on another attempt; the request waits for a slot again.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"request\",\"type\":{\"type\":\"record\",\"name\":\"Request\",\"namespace\":\"paceline\",\"doc\":\"One admitted row that is to become one API call; complete, so that whoever holds it needs nothing else.\",\"fields\":[{\"name\":\"requestId\",\"type\":\"string\",\"doc\":\"hash(batchId, row).\"},{\"name\":\"batchId\",\"type\":\"string\",\"doc\":\"hash(content hash, account, runId).\"},{\"name\":\"account\",\"type\":\"string\",\"doc\":\"Account name from the settings.\"},{\"name\":\"api\",\"type\":{\"type\":\"enum\",\"name\":\"Api\",\"namespace\":\"paceline\",\"doc\":\"Which Twilio API a row calls.\",\"symbols\":[\"unknown\",\"messages\",\"calls\",\"verify\",\"lookup\",\"studio\"],\"default\":\"unknown\"},\"doc\":\"Which API the row calls.\"},{\"name\":\"lane\",\"type\":\"string\",\"doc\":\"Queue inside the account that shares one more limit; a hash where it stems from a phone number.\"},{\"name\":\"row\",\"type\":\"long\",\"doc\":\"Data row number, 1-based, header not counted.\"},{\"name\":\"line\",\"type\":\"long\",\"doc\":\"Line of the file where the row starts, 1-based.\"},{\"name\":\"cost\",\"type\":\"int\",\"doc\":\"Cost against segment limits: message segments, 1 for the other APIs.\"},{\"name\":\"priority\",\"type\":\"int\",\"doc\":\"Higher goes first; 0 is normal.\",\"default\":0},{\"name\":\"notBefore\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"Do not call before this instant, UTC microseconds.\",\"default\":null},{\"name\":\"expiresAt\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"Never call after this instant, UTC microseconds.\",\"default\":null},{\"name\":\"timeZone\",\"type\":[\"null\",\"string\"],\"doc\":\"IANA zone of the recipient in which quiet hours are judged: the row's own column, else by area code; null = not known, or quiet hours do not apply.\",\"default\":null},{\"name\":\"externalId\",\"type\":[\"null\",\"string\"],\"doc\":\"The row's ExternalId, untouched.\",\"default\":null},{\"name\":\"contact\",\"type\":\"string\",\"doc\":\"Keyed hash of the recipient, hex; joins suppressions without the number.\"},{\"name\":\"sender\",\"type\":\"string\",\"doc\":\"Keyed hash of From or the MessagingServiceSid; empty when the API has none.\"},{\"name\":\"parent\",\"type\":[\"null\",\"string\"],\"doc\":\"requestId this one was chained or resent from.\",\"default\":null},{\"name\":\"personal\",\"type\":{\"type\":\"record\",\"name\":\"Personal\",\"namespace\":\"paceline\",\"doc\":\"The only place of phone numbers and bodies inside an event, so that redaction and retention have one place.\",\"fields\":[{\"name\":\"to\",\"type\":\"string\",\"doc\":\"Recipient as the row gave it: E.164, or an API's own address form.\"},{\"name\":\"params\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"Param\",\"namespace\":\"paceline\",\"doc\":\"One request parameter as the row gave it; repeated names make a list.\",\"fields\":[{\"name\":\"name\",\"type\":\"string\",\"doc\":\"Twilio's parameter name.\"},{\"name\":\"value\",\"type\":\"string\",\"doc\":\"The value as text.\"}]}},\"doc\":\"All parameters of the call except To, in row order.\"}]},\"doc\":\"Phone numbers and bodies.\"}]},\"doc\":\"The whole request.\"},{\"name\":\"attempt\",\"type\":\"int\",\"doc\":\"Attempt number, from 1.\"},{\"name\":\"backoff\",\"type\":{\"type\":\"record\",\"name\":\"Backoff\",\"namespace\":\"paceline\",\"doc\":\"How often and since when a request has been throttled or unreachable; gates never count here.\",\"fields\":[{\"name\":\"throttles\",\"type\":\"int\",\"doc\":\"Attempts answered 429 or ended by a network failure before any byte.\"},{\"name\":\"since\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"First of them, UTC microseconds; null when there was none.\",\"default\":null}]},\"doc\":\"Back-off carried from attempt to attempt.\"},{\"name\":\"notBefore\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"Earliest slot, UTC microseconds.\"},{\"name\":\"reason\",\"type\":\"string\",\"doc\":\"Closed list: retry reasons.\"},{\"name\":\"previous\",\"type\":\"string\",\"doc\":\"attemptId that this one follows.\"},{\"name\":\"ruleVersion\",\"type\":[\"null\",\"string\"],\"doc\":\"Version of the error table that decided; null before it was recorded.\",\"default\":null}]}",
  RowsClosed:
    "{\"type\":\"record\",\"name\":\"RowsClosed\",\"namespace\":\"paceline\",\"doc\":\"The pacer closed rows of its backlog together (cancel, expiry); one outcome per row listed.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"batchId\",\"type\":\"string\",\"doc\":\"The batch.\"},{\"name\":\"account\",\"type\":\"string\",\"doc\":\"Account name from the settings.\"},{\"name\":\"ranges\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"RowRange\",\"namespace\":\"paceline\",\"doc\":\"Rows from..to of a batch, both included.\",\"fields\":[{\"name\":\"from\",\"type\":\"long\",\"doc\":\"First row.\"},{\"name\":\"to\",\"type\":\"long\",\"doc\":\"Last row.\"}]}},\"doc\":\"Rows closed.\"},{\"name\":\"outcome\",\"type\":{\"type\":\"enum\",\"name\":\"Outcome\",\"namespace\":\"paceline\",\"doc\":\"The one final state of a request.\",\"symbols\":[\"open\",\"accepted\",\"rejected\",\"refused\",\"suppressed\",\"expired\",\"cancelled\",\"unknown\"],\"default\":\"open\"},\"doc\":\"Their outcome.\"},{\"name\":\"reason\",\"type\":\"string\",\"doc\":\"Closed list: outcome reasons.\"}]}",
  SenderGauged:
    "{\"type\":\"record\",\"name\":\"SenderGauged\",\"namespace\":\"paceline\",\"doc\":\"A sender's absolute gauges for one slots partition and account.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"sender\",\"type\":\"string\",\"doc\":\"Process.\"},{\"name\":\"partition\",\"type\":\"int\",\"doc\":\"Slots partition.\"},{\"name\":\"epoch\",\"type\":\"long\",\"doc\":\"Generation of the partition's opening.\"},{\"name\":\"account\",\"type\":\"string\",\"doc\":\"Account name from the settings.\"},{\"name\":\"inFlight\",\"type\":\"int\",\"doc\":\"Calls under way.\"},{\"name\":\"latencyP90Ms\",\"type\":[\"null\",\"double\"],\"doc\":\"p90 of recent answers, ms.\",\"default\":null},{\"name\":\"latencyMeanMs\",\"type\":[\"null\",\"double\"],\"doc\":\"Mean of recent answers, ms.\",\"default\":null}]}",
  SlotGranted:
    "{\"type\":\"record\",\"name\":\"SlotGranted\",\"namespace\":\"paceline\",\"doc\":\"The permission to start one request's call at slotAt. A number is never used twice in an account.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"request\",\"type\":{\"type\":\"record\",\"name\":\"Request\",\"namespace\":\"paceline\",\"doc\":\"One admitted row that is to become one API call; complete, so that whoever holds it needs nothing else.\",\"fields\":[{\"name\":\"requestId\",\"type\":\"string\",\"doc\":\"hash(batchId, row).\"},{\"name\":\"batchId\",\"type\":\"string\",\"doc\":\"hash(content hash, account, runId).\"},{\"name\":\"account\",\"type\":\"string\",\"doc\":\"Account name from the settings.\"},{\"name\":\"api\",\"type\":{\"type\":\"enum\",\"name\":\"Api\",\"namespace\":\"paceline\",\"doc\":\"Which Twilio API a row calls.\",\"symbols\":[\"unknown\",\"messages\",\"calls\",\"verify\",\"lookup\",\"studio\"],\"default\":\"unknown\"},\"doc\":\"Which API the row calls.\"},{\"name\":\"lane\",\"type\":\"string\",\"doc\":\"Queue inside the account that shares one more limit; a hash where it stems from a phone number.\"},{\"name\":\"row\",\"type\":\"long\",\"doc\":\"Data row number, 1-based, header not counted.\"},{\"name\":\"line\",\"type\":\"long\",\"doc\":\"Line of the file where the row starts, 1-based.\"},{\"name\":\"cost\",\"type\":\"int\",\"doc\":\"Cost against segment limits: message segments, 1 for the other APIs.\"},{\"name\":\"priority\",\"type\":\"int\",\"doc\":\"Higher goes first; 0 is normal.\",\"default\":0},{\"name\":\"notBefore\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"Do not call before this instant, UTC microseconds.\",\"default\":null},{\"name\":\"expiresAt\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"Never call after this instant, UTC microseconds.\",\"default\":null},{\"name\":\"timeZone\",\"type\":[\"null\",\"string\"],\"doc\":\"IANA zone of the recipient in which quiet hours are judged: the row's own column, else by area code; null = not known, or quiet hours do not apply.\",\"default\":null},{\"name\":\"externalId\",\"type\":[\"null\",\"string\"],\"doc\":\"The row's ExternalId, untouched.\",\"default\":null},{\"name\":\"contact\",\"type\":\"string\",\"doc\":\"Keyed hash of the recipient, hex; joins suppressions without the number.\"},{\"name\":\"sender\",\"type\":\"string\",\"doc\":\"Keyed hash of From or the MessagingServiceSid; empty when the API has none.\"},{\"name\":\"parent\",\"type\":[\"null\",\"string\"],\"doc\":\"requestId this one was chained or resent from.\",\"default\":null},{\"name\":\"personal\",\"type\":{\"type\":\"record\",\"name\":\"Personal\",\"namespace\":\"paceline\",\"doc\":\"The only place of phone numbers and bodies inside an event, so that redaction and retention have one place.\",\"fields\":[{\"name\":\"to\",\"type\":\"string\",\"doc\":\"Recipient as the row gave it: E.164, or an API's own address form.\"},{\"name\":\"params\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"Param\",\"namespace\":\"paceline\",\"doc\":\"One request parameter as the row gave it; repeated names make a list.\",\"fields\":[{\"name\":\"name\",\"type\":\"string\",\"doc\":\"Twilio's parameter name.\"},{\"name\":\"value\",\"type\":\"string\",\"doc\":\"The value as text.\"}]}},\"doc\":\"All parameters of the call except To, in row order.\"}]},\"doc\":\"Phone numbers and bodies.\"}]},\"doc\":\"The whole request.\"},{\"name\":\"attempt\",\"type\":\"int\",\"doc\":\"Attempt number, from 1.\"},{\"name\":\"backoff\",\"type\":{\"type\":\"record\",\"name\":\"Backoff\",\"namespace\":\"paceline\",\"doc\":\"How often and since when a request has been throttled or unreachable; gates never count here.\",\"fields\":[{\"name\":\"throttles\",\"type\":\"int\",\"doc\":\"Attempts answered 429 or ended by a network failure before any byte.\"},{\"name\":\"since\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"First of them, UTC microseconds; null when there was none.\",\"default\":null}]},\"doc\":\"Back-off carried from attempt to attempt.\"},{\"name\":\"slotAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"Start of the call, UTC microseconds, pacer's wall clock.\"},{\"name\":\"number\",\"type\":\"long\",\"doc\":\"Slot number, upwards per account.\"},{\"name\":\"era\",\"type\":\"int\",\"doc\":\"Clock era of the account's slots.\"},{\"name\":\"cost\",\"type\":\"int\",\"doc\":\"Cost granted on the account limit.\"}]}",
  SlotReturned:
    "{\"type\":\"record\",\"name\":\"SlotReturned\",\"namespace\":\"paceline\",\"doc\":\"A sender gave a slot back before claiming it; the same attempt waits again.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"request\",\"type\":{\"type\":\"record\",\"name\":\"Request\",\"namespace\":\"paceline\",\"doc\":\"One admitted row that is to become one API call; complete, so that whoever holds it needs nothing else.\",\"fields\":[{\"name\":\"requestId\",\"type\":\"string\",\"doc\":\"hash(batchId, row).\"},{\"name\":\"batchId\",\"type\":\"string\",\"doc\":\"hash(content hash, account, runId).\"},{\"name\":\"account\",\"type\":\"string\",\"doc\":\"Account name from the settings.\"},{\"name\":\"api\",\"type\":{\"type\":\"enum\",\"name\":\"Api\",\"namespace\":\"paceline\",\"doc\":\"Which Twilio API a row calls.\",\"symbols\":[\"unknown\",\"messages\",\"calls\",\"verify\",\"lookup\",\"studio\"],\"default\":\"unknown\"},\"doc\":\"Which API the row calls.\"},{\"name\":\"lane\",\"type\":\"string\",\"doc\":\"Queue inside the account that shares one more limit; a hash where it stems from a phone number.\"},{\"name\":\"row\",\"type\":\"long\",\"doc\":\"Data row number, 1-based, header not counted.\"},{\"name\":\"line\",\"type\":\"long\",\"doc\":\"Line of the file where the row starts, 1-based.\"},{\"name\":\"cost\",\"type\":\"int\",\"doc\":\"Cost against segment limits: message segments, 1 for the other APIs.\"},{\"name\":\"priority\",\"type\":\"int\",\"doc\":\"Higher goes first; 0 is normal.\",\"default\":0},{\"name\":\"notBefore\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"Do not call before this instant, UTC microseconds.\",\"default\":null},{\"name\":\"expiresAt\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"Never call after this instant, UTC microseconds.\",\"default\":null},{\"name\":\"timeZone\",\"type\":[\"null\",\"string\"],\"doc\":\"IANA zone of the recipient in which quiet hours are judged: the row's own column, else by area code; null = not known, or quiet hours do not apply.\",\"default\":null},{\"name\":\"externalId\",\"type\":[\"null\",\"string\"],\"doc\":\"The row's ExternalId, untouched.\",\"default\":null},{\"name\":\"contact\",\"type\":\"string\",\"doc\":\"Keyed hash of the recipient, hex; joins suppressions without the number.\"},{\"name\":\"sender\",\"type\":\"string\",\"doc\":\"Keyed hash of From or the MessagingServiceSid; empty when the API has none.\"},{\"name\":\"parent\",\"type\":[\"null\",\"string\"],\"doc\":\"requestId this one was chained or resent from.\",\"default\":null},{\"name\":\"personal\",\"type\":{\"type\":\"record\",\"name\":\"Personal\",\"namespace\":\"paceline\",\"doc\":\"The only place of phone numbers and bodies inside an event, so that redaction and retention have one place.\",\"fields\":[{\"name\":\"to\",\"type\":\"string\",\"doc\":\"Recipient as the row gave it: E.164, or an API's own address form.\"},{\"name\":\"params\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"Param\",\"namespace\":\"paceline\",\"doc\":\"One request parameter as the row gave it; repeated names make a list.\",\"fields\":[{\"name\":\"name\",\"type\":\"string\",\"doc\":\"Twilio's parameter name.\"},{\"name\":\"value\",\"type\":\"string\",\"doc\":\"The value as text.\"}]}},\"doc\":\"All parameters of the call except To, in row order.\"}]},\"doc\":\"Phone numbers and bodies.\"}]},\"doc\":\"The whole request.\"},{\"name\":\"attempt\",\"type\":\"int\",\"doc\":\"Attempt number, from 1.\"},{\"name\":\"backoff\",\"type\":{\"type\":\"record\",\"name\":\"Backoff\",\"namespace\":\"paceline\",\"doc\":\"How often and since when a request has been throttled or unreachable; gates never count here.\",\"fields\":[{\"name\":\"throttles\",\"type\":\"int\",\"doc\":\"Attempts answered 429 or ended by a network failure before any byte.\"},{\"name\":\"since\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"First of them, UTC microseconds; null when there was none.\",\"default\":null}]},\"doc\":\"Back-off carried from attempt to attempt.\"},{\"name\":\"reason\",\"type\":\"string\",\"doc\":\"Closed list: return reasons.\"},{\"name\":\"slotAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"The slot's instant, UTC microseconds.\"},{\"name\":\"number\",\"type\":\"long\",\"doc\":\"The slot's number.\"}]}",
  SuppressionSet:
    "{\"type\":\"record\",\"name\":\"SuppressionSet\",\"namespace\":\"paceline\",\"doc\":\"Do not contact this contact on this channel from this sender; or the lifting of all that was said so before.\",\"fields\":[{\"name\":\"meta\",\"type\":{\"type\":\"record\",\"name\":\"Meta\",\"namespace\":\"paceline\",\"doc\":\"What every event carries: who it is, when it became true, what it belongs to and what caused it.\",\"fields\":[{\"name\":\"eventId\",\"type\":\"string\",\"doc\":\"Deterministic id: the same fact written twice has the same id.\"},{\"name\":\"occurredAt\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"},\"doc\":\"When the fact became true, UTC microseconds, writer's wall clock.\"},{\"name\":\"correlationId\",\"type\":\"string\",\"doc\":\"The batch (batchId) this belongs to; the account or entity for events outside a batch.\"},{\"name\":\"causationId\",\"type\":[\"null\",\"string\"],\"doc\":\"Event id of the direct cause, when there is one.\",\"default\":null}]},\"doc\":\"Identity and origin of this event.\"},{\"name\":\"contact\",\"type\":\"string\",\"doc\":\"Keyed hash of the recipient, hex.\"},{\"name\":\"channel\",\"type\":\"string\",\"doc\":\"sms, voice, verify, whatsapp or * for all.\"},{\"name\":\"scope\",\"type\":\"string\",\"doc\":\"Sender hash or service SID; * for all; value when the value itself is bad.\"},{\"name\":\"origin\",\"type\":\"string\",\"doc\":\"Where it comes from: code:21610, strike:30003:3:requestId, operator, import, consent. Of a lift: the origins it lifts, * for all, opt-in for every opt-out.\"},{\"name\":\"reason\",\"type\":\"string\",\"doc\":\"Why, for a person.\"},{\"name\":\"expiresAt\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"When it ends by itself, UTC microseconds.\",\"default\":null},{\"name\":\"lifted\",\"type\":\"boolean\",\"doc\":\"True when this lifts what its origins said of the contact up to its instant; channel and scope * lift all.\"},{\"name\":\"by\",\"type\":\"string\",\"doc\":\"Who set or lifted it, as operators are named; empty when an answer did.\",\"default\":\"\"},{\"name\":\"asOf\",\"type\":[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}],\"doc\":\"When what it says became so, UTC microseconds: the date of a consent; null when at meta.occurredAt.\",\"default\":null}]}",
};
