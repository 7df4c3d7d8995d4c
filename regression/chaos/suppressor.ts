import type { KafkaFactWriter } from '@paceline/adapter-kafka';
import { contactOf, event, metaOf, recordOf } from '@paceline/contracts';
import type { OutputRecord } from '@paceline/pipeline';
import { systemClock } from '@paceline/testing';

/** Suppresses recipients of rows that wait, as an operator does, and keeps when it was on record. */
export class Suppressor {
  /** By recipient, UTC microseconds. */
  readonly visibleSince = new Map<string, number>();

  constructor(
    private readonly writer: KafkaFactWriter,
    private readonly contactKey: string,
  ) {}

  async suppress(recipients: readonly { readonly to: string }[]): Promise<void> {
    await this.writer.write(recipients.map(({ to }) => this.#record(to)));
    for (const { to } of recipients) this.visibleSince.set(to, systemClock.wallMicros());
  }

  #record(to: string): OutputRecord {
    const contact = contactOf(this.contactKey, to);
    const of = { contact, channel: 'sms', scope: '*', origin: 'operator' };
    const meta = metaOf('SuppressionSet', { natural: [contact, 'chaos'], at: systemClock.wallMicros(), correlationId: contact });
    const said = { reason: 'asked not to be contacted', by: 'chaos', expiresAt: null, asOf: null, lifted: false };
    return recordOf(event('SuppressionSet', { meta, ...of, ...said }));
  }
}
