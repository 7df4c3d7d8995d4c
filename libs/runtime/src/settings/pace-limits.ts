import { z } from 'zod';

/** Limits and manners of an account beside its calls per second. */
export interface PaceLimits {
  readonly dailyCap?: number;
  readonly unlistedSegmentsPerSecond?: number;
  /** Calls per second by API; an API that is absent has no limit of its own. */
  readonly apiLimits: Readonly<Partial<Record<'messages' | 'calls' | 'verify' | 'lookup' | 'studio', number>>>;
  /** When the count of dailyCap begins again: local time HH:MM in an IANA zone. */
  readonly dailyReset: { readonly at: string; readonly zone: string };
  readonly quietHours?: QuietHours;
  readonly adaptive: { readonly enabled: boolean; readonly floorPerSecond: number };
}

/** No call begins in [from, to) of the recipient's own day. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
  readonly apis: readonly ('messages' | 'calls')[];
  /** What becomes of a row whose recipient's zone is not known. */
  readonly unknownZone: 'hold' | 'send';
}

const perSecondHint = 'give calls per second, a number above 0, at most 2000';
const perSecond = z.number(perSecondHint).gt(0, perSecondHint).max(2_000, perSecondHint);

const isZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
};

const zoneHint = 'give an IANA time zone, such as America/Chicago';
const zone = z.string(zoneHint).refine(isZone, zoneHint);
const timeHint = 'give a time of day as HH:MM in quotes, 00:00 to 23:59';
const timeOfDay = (standard: string) =>
  z
    .string(timeHint)
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, timeHint)
    .default(standard);

const apiLimitsSchema = z
  .strictObject({
    messages: perSecond.exactOptional().describe('calls per second of Messages; absent: no limit of its own'),
    calls: perSecond.default(1).describe("calls per second of Calls; Twilio's own default is 1"),
    verify: perSecond.exactOptional().describe('calls per second of Verify; absent: no limit of its own'),
    lookup: perSecond.exactOptional().describe('calls per second of Lookup; absent: no limit of its own'),
    studio: perSecond.default(20).describe("calls per second of Studio; Twilio's own limit is 20"),
  })
  .prefault({})
  .describe('limits by API, inside the limit of the account');

const dailyResetSchema = z
  .strictObject({
    at: timeOfDay('00:00').describe('time of day at which the count begins again'),
    zone: zone.default('UTC').describe('IANA time zone of that time'),
  })
  .prefault({})
  .describe('when the day of dailyCap begins');

const quietHoursSchema = z
  .strictObject({
    from: timeOfDay('21:00').describe('quiet from this time of the recipient on'),
    to: timeOfDay('08:00').describe('until this time'),
    apis: z
      .array(z.enum(['messages', 'calls'], 'give messages or calls'))
      .min(1)
      .default(['messages', 'calls'])
      .describe('which APIs keep quiet'),
    unknownZone: z
      .enum(['hold', 'send'], 'give hold or send')
      .default('hold')
      .describe("a row whose recipient's zone is not known: held until released, or sent"),
  })
  .describe("hours in which nobody is called, in the recipient's own zone; absent: none");

const adaptiveSchema = z
  .strictObject({
    enabled: z.boolean('give true or false').default(true).describe('whether throttling answers lower the pace for a time'),
    floorPerSecond: perSecond.default(1).describe('the pace is never lowered below this, calls per second'),
  })
  .prefault({})
  .describe('how the pace follows what Twilio bears');

const segmentsHint = 'give segments per second, a number above 0, at most 1000';
const capHint = 'give a number of calls, a whole number from 1 to 1000000000';

/** The fields of an account that say how it is paced beside its calls per second. */
export const paceLimits = {
  unlistedSegmentsPerSecond: z
    .number(segmentsHint)
    .gt(0, segmentsHint)
    .max(1_000, segmentsHint)
    .exactOptional()
    .describe('segments per second of a sender that is not listed; absent: only the limits of the account and the API hold for it'),
  apiLimits: apiLimitsSchema,
  dailyCap: z.int(capHint).min(1, capHint).max(1_000_000_000, capHint).exactOptional().describe('most calls a day; none when absent'),
  dailyReset: dailyResetSchema,
  quietHours: quietHoursSchema.exactOptional(),
  adaptive: adaptiveSchema,
} as const;
