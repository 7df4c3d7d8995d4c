import type { Api } from '@paceline/contracts';
import type { Answer } from './observation.ts';
import { maskedMessage } from './masked-message.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Twilio's code and masked message, from either of its two error bodies. */
export interface TwilioError {
  readonly code: number | null;
  readonly message: string | null;
}

const longestResource = 8192;
const sids: Readonly<Partial<Record<Api, RegExp>>> = {
  messages: /^(?:SM|MM)[0-9a-f]{32}$/i,
  calls: /^CA[0-9a-f]{32}$/i,
  verify: /^VE[0-9a-f]{32}$/i,
  studio: /^FN[0-9a-f]{32}$/i,
};

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The body as a JSON object; null when it is anything else. */
export function fieldsOf(answer: Answer): Fields | null {
  if (answer.bodyState !== 'complete') return null;
  try {
    const parsed: unknown = JSON.parse(answer.body);
    return isFields(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** Whether these are the fields of the resource this API creates or reads; a SID only where the API has one. */
export function resourceOf(api: Api, fields: Fields): { readonly expected: boolean; readonly sid: string | null } {
  if (api === 'lookup') return { expected: typeof fields['phone_number'] === 'string' || typeof fields['valid'] === 'boolean', sid: null };
  const sid = fields['sid'];
  const expected = typeof sid === 'string' && (sids[api]?.test(sid) ?? false);
  return { expected, sid: expected ? sid : null };
}

/** The answer's text for the record, when it is short enough to keep whole. */
export const keptResource = (answer: Answer): string | null => (answer.body.length <= longestResource ? answer.body : null);

const integer = (value: unknown): number | null => {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && Math.abs(number) <= 2_147_483_647 ? number : null;
};

const firstText = (...values: readonly unknown[]): string | null => {
  const found = values.find((value): value is string => typeof value === 'string' && value !== '');
  return found === undefined ? null : maskedMessage(found);
};

/** The classic body {code, message}, RFC 9457's {code, detail, title}, or a list of errors of which the first counts. */
export function twilioErrorOf(fields: Fields | null): TwilioError {
  if (fields === null) return { code: null, message: null };
  const listed: unknown = Array.isArray(fields['errors']) ? fields['errors'][0] : undefined;
  const first = isFields(listed) ? listed : {};
  return {
    code: integer(fields['code']) ?? integer(first['code']),
    message: firstText(fields['message'], fields['detail'], fields['title'], first['message'], first['detail']),
  };
}
