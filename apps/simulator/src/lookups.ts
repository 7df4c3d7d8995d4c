import { type Answer, type ApiCall, found, givenOf } from './answers.ts';
import { isE164 } from './addresses.ts';
import { formatted } from './calls.ts';

const packages = [
  'caller_name',
  'sim_swap',
  'call_forwarding',
  'line_status',
  'line_type_intelligence',
  'identity_match',
  'reassigned_number',
  'sms_pumping_risk',
  'phone_number_quality_score',
  'pre_fill',
] as const;

/** What a requested package answers; one that is not here is answered null, as when Twilio has no data. */
const answers: Partial<Record<(typeof packages)[number], object>> = {
  line_type_intelligence: {
    mobile_country_code: '310',
    mobile_network_code: '456',
    carrier_name: 'Simulated Mobile',
    type: 'mobile',
    error_code: null,
  },
  line_status: { status: 'active', error_code: null },
  caller_name: { caller_name: 'SIMULATED CALLER', caller_type: 'CONSUMER', error_code: null },
};

/** GET lookups /v2/PhoneNumbers/{number}: a number that is not valid is still an answer with HTTP 200. */
export function lookUpNumber(call: ApiCall): Answer {
  const number = call.captures[0] ?? '';
  const fields = (givenOf(call.params, 'Fields') ?? '').split(',').map((field) => field.trim());
  const view = isE164(number) ? validView(number, fields) : invalidView(number);
  return found({ ...view, url: `https://lookups.twilio.com/v2/PhoneNumbers/${number}` });
}

function validView(number: string, fields: readonly string[]): object {
  const american = number.startsWith('+1');
  return {
    calling_country_code: american ? '1' : null,
    country_code: american ? 'US' : null,
    phone_number: number,
    national_format: formatted(number),
    valid: true,
    validation_errors: [],
    ...Object.fromEntries(packages.map((name) => [name, fields.includes(name) ? (answers[name] ?? null) : null])),
  };
}

const invalidView = (number: string): object => ({
  calling_country_code: null,
  country_code: null,
  phone_number: number,
  national_format: null,
  valid: false,
  validation_errors: [validationError(number)],
  ...Object.fromEntries(packages.map((name) => [name, null])),
});

function validationError(number: string): string {
  const digits = number.replace(/\D/g, '').length;
  if (digits === 0 || /[^\d+\s().-]/.test(number)) return 'NOT_A_NUMBER';
  if (digits > 15) return 'TOO_LONG';
  return digits < 7 ? 'TOO_SHORT' : 'INVALID_COUNTRY_CODE';
}
