import type { EventTypes } from '@paceline/contracts';
import type { Mapped } from './rows.ts';
import { maskText } from './masks.ts';
import type { EventColumns } from './rows.ts';

// How the product stands: what services say of themselves, what alerts say of that, how it should stand, and what nobody could read.

export const senderGauged = ({ sender, account, partition, epoch, inFlight, ...latency }: EventTypes['SenderGauged']): Mapped => ({
  columns: { sender, account },
  payload: { partition, epoch, inFlight, latencyP90Ms: latency.latencyP90Ms, latencyMeanMs: latency.latencyMeanMs },
});

export const pacerGauged = ({ account, partition, waiting, oldestSince }: EventTypes['PacerGauged']): Mapped => ({
  columns: { account },
  payload: { partition, waiting, oldestSince },
});

export const codesCounted = ({ account, partition, counts }: EventTypes['CodesCounted']): Mapped => ({
  columns: { account },
  payload: { partition, counts },
});

export const alertRaised = ({ alert, scope, account, value, threshold, since, text }: EventTypes['AlertRaised']): Mapped => ({
  columns: { account: account ?? '', reason: alert, detail: maskText(text) },
  payload: { scope, value, threshold, since },
});

export const alertCleared = (data: EventTypes['AlertCleared']): Mapped => alertRaised(data);

export const deadLettered = (data: EventTypes['DeadLettered']): Mapped => {
  const { service, sourceTopic, sourcePartition, sourceOffset, reason, headers, key, value } = data;
  return {
    columns: { batch_id: headers['batchId'] ?? '', request_id: headers['requestId'] ?? '', detail: maskText(reason) },
    payload: { service, sourceTopic, sourcePartition, sourceOffset, headers },
    personal: { kind: 'raw', content: JSON.stringify({ key: key?.toString('base64') ?? null, value: value?.toString('base64') ?? null }) },
  };
};

const entityColumns = (entity: string): EventColumns => {
  const id = entity.slice(entity.indexOf(':') + 1);
  if (entity.startsWith('account:')) return { account: id };
  if (entity.startsWith('batch:')) return { batch_id: id };
  return entity.startsWith('lane:') ? { lane: id } : {};
};

export const controlSet = ({ entity, aspect, origin, value, reason, by }: EventTypes['ControlSet']): Mapped => ({
  columns: { ...entityColumns(entity), detail: maskText(reason) },
  payload: { entity, aspect, origin, value, by },
});
