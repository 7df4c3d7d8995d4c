import { controlSet, type ControlIndex } from '@paceline/domain/controls';

/** As an operator cancels a batch. */
export function cancel(controls: ControlIndex, batchId: string): void {
  const wish = { entity: `batch:${batchId}`, aspect: 'cancelled', origin: 'operator', value: 'true', reason: '', by: 'test' } as const;
  controls.apply(`${wish.entity}/cancelled/operator`, controlSet(wish, 0).data);
}
