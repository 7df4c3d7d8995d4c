import type { Answer } from './answers.ts';
import { faultAnswers, type Refusal } from './fault-answers.ts';

/** Twilio's answer for each code we can give by ourselves; other codes come from fault rules. */
const catalogue = {
  20001: { status: 400, message: 'Invalid parameter' },
  20003: { status: 401, message: 'Authentication Error - invalid username' },
  20004: { status: 405, message: 'Method not allowed' },
  20404: { status: 404, message: 'The requested resource was not found' },
  20429: { status: 429, message: 'Too Many Requests' },
  21201: { status: 400, message: "No 'To' number is specified" },
  21205: { status: 400, message: 'Url parameter is required.' },
  21210: { status: 400, message: "'From' phone number not verified for your account." },
  21211: { status: 400, message: "Invalid 'To' Phone Number" },
  21212: { status: 400, message: "Invalid 'From' Phone Number" },
  21213: { status: 400, message: "'From' phone number is required" },
  21214: { status: 400, message: "'To' phone number cannot be reached" },
  21215: { status: 400, message: 'Account not authorized to call this number. Perhaps you need to enable some international permissions' },
  21216: { status: 400, message: 'Account not allowed to call this phone number' },
  21217: { status: 400, message: 'Phone number does not appear to be valid' },
  21408: { status: 400, message: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number" },
  21602: { status: 400, message: 'Message body is required.' },
  21603: { status: 400, message: "A 'From' phone number is required." },
  21604: { status: 400, message: "A 'To' phone number is required." },
  21606: {
    status: 400,
    message: "The 'From' phone number provided is not a valid message-capable Twilio phone number for this destination.",
  },
  21609: { status: 400, message: "The 'StatusCallback' URL is not a valid URL." },
  21610: { status: 400, message: 'Attempt to send to unsubscribed recipient' },
  21611: { status: 429, message: 'SMS queue is full.' },
  21612: { status: 400, message: "The 'To' phone number is not currently reachable using the 'From' phone number via SMS." },
  21614: { status: 400, message: "'To' number is not a valid mobile number" },
  21617: { status: 400, message: 'The concatenated message body exceeds the 1600 character limit.' },
  21619: { status: 400, message: 'A text message body or media urls must be specified.' },
  21620: { status: 400, message: 'Invalid media URL(s)' },
  21623: { status: 400, message: 'The number of media files exceeds the limit of 10.' },
  21655: { status: 400, message: 'The ContentSid is invalid' },
  21656: { status: 400, message: 'The Content Variables parameter is invalid.' },
  21705: { status: 400, message: 'The Messaging Service Sid is invalid.' },
  30409: { status: 400, message: 'Message can not be cancelled.' },
  35111: { status: 400, message: "The 'SendAt' parameter is required for scheduled messages." },
  35114: { status: 400, message: 'SendAt time must be at least 300 seconds in the future.' },
  35115: { status: 400, message: 'SendAt time can not be more than 35 days in the future.' },
  35117: { status: 400, message: "ScheduleType must be 'fixed'." },
  35118: { status: 400, message: 'MessagingServiceSid is required to schedule a message.' },
  60200: { status: 400, message: 'Invalid parameter' },
} as const satisfies Record<number, Refusal>;

export type RefusalCode = keyof typeof catalogue;

/** Twilio's status and message for a code, of those that we give by ourselves and those that only a fault rule asks for. */
export const refusalOf = (code: number): Refusal | undefined => catalogue[code as RefusalCode] ?? faultAnswers[code];

/** Twilio's classic error body. */
export const errorBody = (error: { code: number | null; message: string; status: number }): object => ({
  code: error.code,
  message: error.message,
  more_info: `https://www.twilio.com/docs/errors/${error.code ?? error.status}`,
  status: error.status,
});

/** The refusal of this code; `detail` takes the place of the general message, as Twilio names the offending value. */
export function refused(code: RefusalCode, detail?: string): Answer {
  const { status, message } = catalogue[code];
  return { status, code, sid: null, body: errorBody({ code, message: detail ?? message, status }) };
}

/** A body above the limit never reaches an API, so it carries no code of Twilio's catalogue. */
export const tooLarge: Answer = {
  status: 413,
  code: null,
  sid: null,
  body: errorBody({ code: null, message: 'Request Entity Too Large', status: 413 }),
};
