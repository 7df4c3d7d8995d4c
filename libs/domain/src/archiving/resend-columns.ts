import type { EventTypes } from '@paceline/contracts';
import type { Mapped } from './rows.ts';
import { maskText } from './masks.ts';

export const resendRequested = (data: EventTypes['ResendRequested']): Mapped => {
  const { batchId, resendId, outcomes, codes, since, expiresAt, by, reason } = data;
  return { columns: { batch_id: batchId, detail: maskText(reason) }, payload: { resendId, outcomes, codes, since, expiresAt, by } };
};

export const resendPlanned = (data: EventTypes['ResendPlanned']): Mapped => {
  const { batchId, account, resendOf, resendId, generation, ranges, firstRow, by, reason } = data;
  const rows = { range_from: ranges.map(({ from }) => from), range_to: ranges.map(({ to }) => to) };
  return {
    columns: { batch_id: batchId, account, detail: maskText(reason), ...rows },
    payload: { resendOf, resendId, generation, firstRow, by },
  };
};
