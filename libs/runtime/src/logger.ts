import { pino, type Bindings, type DestinationStream, type Logger } from 'pino';
import { maskText } from './masking.ts';
import { Secret } from './secret.ts';

/**
 * The only fields a log line may have; any other is dropped and its name listed in `dropped`, so that a phone number,
 * body or secret cannot slip in under a new name. Strings are masked in all of them, numbers are not.
 */
const ALLOWED = new Set(
  [
    'service instance part strategy name module context state phase event kind op topic topics partition partitions offset offsets',
    'position lag generation epoch era group groupId memberId member members broker brokers host port url baseUrl path file folder',
    'bucket prefix source sources account accounts batch batchId request requestId attempt attemptId lane slot slotAt number row rows',
    'line column api method status httpStatus code class reason reasons outcome outcomes rule ruleVersion sid eventId eventType type',
    'schema schemaId version count counts size bytes records pages chunk chunks ms durationMs waitMs delayMs lateMs latencyMs leadMs',
    'ageMs deadlineMs seconds rate limit cap inFlight waiting granted returned dropped skipped fresh from to until at atMicros',
    'traceId spanId ratio signal exitCode pid node versions settings problems problem hint err error retry retries attempts level',
    'started stopped ready mode action topicPartitions table query rowsWritten queued stall stepMs stepMicros why now',
  ].flatMap((names) => names.split(' ')),
);

/** Fields whose digits are positions or ids, as long as they look like it. */
const UNMASKED: Readonly<Record<string, RegExp>> = {
  instance: /^[a-z0-9-]{1,80}$/,
  position: /^[a-z0-9._-]+-\d+-\d+$/i,
  memberId: /^[A-Za-z0-9._-]+$/,
  traceId: /^[0-9a-f]{32}$/,
  spanId: /^[0-9a-f]{16}$/,
};

const MAX_DEPTH = 3;
const MAX_ITEMS = 50;

interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

/** An error as it may be logged: its own texts masked, none of the fields that vendors hang on it. */
function loggedError(error: Error, depth = 0): LoggedError {
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: maskText(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code: maskText(String(code)) } : {}),
    ...(error.stack === undefined ? {} : { stack: maskText(error.stack) }),
    ...(error.cause instanceof Error && depth < MAX_DEPTH ? { cause: loggedError(error.cause, depth + 1) } : {}),
  };
}

function cleanObject(value: object, depth: number): unknown {
  if (value instanceof Secret) return value.toJSON();
  if (value instanceof Error) return loggedError(value);
  if (value instanceof Date) return value.toISOString();
  if (depth >= MAX_DEPTH) return '[deep]';
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item: unknown) => clean(item, depth + 1));
  const entries = value instanceof Map ? [...(value as Map<string, unknown>)] : Object.entries(value);
  return Object.fromEntries(entries.slice(0, MAX_ITEMS).map(([key, item]) => [maskText(String(key)), clean(item, depth + 1)]));
}

function clean(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'object' && value !== null) return cleanObject(value, depth);
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'function' || typeof value === 'symbol' ? undefined : value;
}

/** Keeps the allowed fields, cleaned. */
export function allowedFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  const dropped: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (!ALLOWED.has(name)) dropped.push(maskText(name));
    else kept[name] = typeof value === 'string' && UNMASKED[name]?.test(value) === true ? value : clean(value);
  }
  return dropped.length === 0 ? kept : { ...kept, dropped };
}

/** Numbers put into a message are texts there, and masked as such. */
const cleanArgument = (argument: unknown): unknown => {
  if (typeof argument === 'string') return maskText(argument);
  if (typeof argument === 'number') return maskText(String(argument));
  return argument instanceof Error ? argument : clean(argument);
};

export interface LoggerOptions {
  readonly service: string;
  readonly instance: string;
  readonly level: string;
  /** Standard output when absent; written synchronously, so that the last line before an exit is not lost. */
  readonly destination?: DestinationStream;
}

type Child = (this: Logger, bindings: Bindings, options?: object) => Logger;
type SetBindings = (this: Logger, bindings: Bindings) => void;

/** pino filters what a line gives, not what a child is bound to: children of any depth are made with the same list. */
function withFilteredChildren(logger: Logger): Logger {
  const child = Reflect.get(logger, 'child') as unknown as Child;
  const setBindings = Reflect.get(logger, 'setBindings');
  const filteredChild: Child = function (bindings, options) {
    return child.call(this, allowedFields(bindings), options);
  };
  const setFiltered: SetBindings = function (bindings) {
    setBindings.call(this, allowedFields(bindings));
  };
  return Object.assign(logger, { child: filteredChild, setBindings: setFiltered });
}

/** The logger of a service: JSON lines, allow-listed fields, phone-like numbers masked. */
export function createLogger(options: LoggerOptions): Logger {
  const logger = pino(
    {
      level: options.level,
      base: { service: options.service, instance: options.instance },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: allowedFields },
      serializers: { err: (value: unknown) => value },
      hooks: {
        logMethod(args, method) {
          const [first, ...rest] = args as [unknown, ...unknown[]];
          const head = typeof first === 'string' ? maskText(first) : first instanceof Error && rest.length === 0 ? { err: first } : first;
          const told = first instanceof Error && rest.length === 0 ? [maskText(first.message)] : rest.map(cleanArgument);
          method.apply(this, [head, ...told] as unknown as Parameters<typeof method>);
        },
      },
    },
    options.destination ?? pino.destination({ fd: 1, sync: true }),
  );
  return withFilteredChildren(logger);
}
