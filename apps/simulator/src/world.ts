import { type RecordStore } from './record-store.ts';
import { type RuntimeSettings } from './settings.ts';

/** All that the five APIs may touch. */
export interface World {
  readonly settings: RuntimeSettings;
  readonly store: RecordStore;
}
