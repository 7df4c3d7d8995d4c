import { type Answer, type ApiCall, created, givenOf } from './answers.ts';
import { isAddress, isSender, isSid } from './addresses.ts';
import { iso8601 } from './instants.ts';
import { refused } from './refusals.ts';
import { newSid } from './sids.ts';

/** POST studio /v2/Flows/{FW}/Executions: a new execution each time, even for a contact that has one active. */
export function createExecution(call: ApiCall): Answer {
  const flow = call.captures[0] ?? '';
  if (!isSid('FW', flow)) return refused(20404, `The requested resource /Flows/${flow}/Executions was not found`);
  const to = givenOf(call.params, 'To');
  const from = givenOf(call.params, 'From');
  if (to === undefined) return refused(20001, 'Missing required parameter To in the post body');
  if (from === undefined) return refused(20001, 'Missing required parameter From in the post body');
  const parameters = parsed(givenOf(call.params, 'Parameters'));
  const malformed = malformedPart(to, from, parameters);
  if (malformed !== null) return malformed;
  const sid = newSid('FN');
  return created(sid, executionView(call, { sid, flow, to, parameters }));
}

function malformedPart(to: string, from: string, parameters: unknown): Answer | null {
  if (!isAddress(to)) return refused(21211, `Invalid 'To' Phone Number: ${to}`);
  if (!isSender(from) && !isSid('MG', from)) return refused(21212, `Invalid From Number: ${from}`);
  return parameters === undefined ? refused(20001, 'Parameters is not valid JSON') : null;
}

/** The value of a JSON text; {} when there is none, undefined when it is not JSON. */
function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '{}') as unknown;
  } catch {
    return undefined;
  }
}

function executionView(
  call: ApiCall,
  { sid, flow, to, parameters }: { sid: string; flow: string; to: string; parameters: unknown },
): object {
  const now = iso8601(call.atMs);
  const url = `https://studio.twilio.com/v2/Flows/${flow}/Executions/${sid}`;
  return {
    sid,
    account_sid: call.account,
    flow_sid: flow,
    context: { flow: { data: parameters } },
    contact_channel_address: to,
    contact_sid: newSid('FC'),
    flow_version: 1,
    status: 'active',
    date_created: now,
    date_updated: now,
    initiated_by: 'API',
    url,
    links: { steps: `${url}/Steps`, execution_context: `${url}/Context` },
  };
}
