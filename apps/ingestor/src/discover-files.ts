import { inspectContent, type FoundObject, type ObjectPlace } from '@paceline/adapter-objects';
import { fileFound } from '@paceline/domain/ingest';
import { recordOf } from '@paceline/contracts';
import type { Clock, FactWriter } from '@paceline/pipeline';
import type { Part, SourceSettings } from '@paceline/runtime';
import { parseFileOptions, type FileOptions } from './file-options.ts';
import type { IngestLogger } from './ports.ts';

export interface DiscoveryOptions {
  readonly sources: readonly SourceSettings[];
  readonly places: readonly ObjectPlace[];
  readonly facts: FactWriter;
  readonly clock: Clock;
  readonly logger: IngestLogger;
  readonly pollMs: number;
}

/**
 * Looks into folders and buckets, hashes what is complete and says so: FileFound, at least once per version of a file.
 * Decides nothing: whether content is new is the partition owner's question.
 */
export class FileDiscovery implements Part {
  readonly name = 'file discovery';
  /** Versions already told of, by location. */
  readonly #told = new Map<string, string>();
  /** Files whose options are wrong, and why: looked at again until they are corrected. */
  readonly #held = new Map<string, string>();
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(private readonly options: DiscoveryOptions) {}

  start(): Promise<void> {
    this.#next(0);
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#looking;
  }

  /** One look into every place. A place that fails is looked at again the next time; the others are not kept waiting. */
  async look(): Promise<void> {
    const present = await Promise.all(this.options.places.map((place) => this.#lookInto(place)));
    if (present.includes(null)) return;
    const locations = new Set(present.flatMap((found) => found ?? []).map(({ location }) => location));
    for (const known of [this.#told, this.#held]) {
      for (const location of known.keys()) if (!locations.has(location)) known.delete(location);
    }
  }

  #next(ms: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.look().finally(() => this.#next(this.options.pollMs));
    }, ms);
  }

  async #lookInto(place: ObjectPlace): Promise<readonly FoundObject[] | null> {
    try {
      const present = await place.list();
      for (const found of present) if (this.#told.get(found.location) !== found.etag) await this.#tell(place, found);
      return present;
    } catch (error) {
      this.options.logger.warn({ source: place.source, error: (error as Error).message }, 'a source cannot be looked at now');
      return null;
    }
  }

  async #tell(place: ObjectPlace, found: FoundObject): Promise<void> {
    if (this.#stopped) return;
    try {
      const event = await this.#describe(place, found);
      if (event === null) return;
      await this.options.facts.write([recordOf(event)]);
      this.#told.set(found.location, found.etag);
      this.#held.delete(found.location);
    } catch (error) {
      // Still being written, just moved, or the store is away: the next look finds out.
      this.options.logger.warn({ path: found.location, error: (error as Error).message }, 'a file cannot be taken now');
    }
  }

  /** The FileFound; null when the file's options cannot be followed: then it is not taken at all. */
  async #describe(place: ObjectPlace, found: FoundObject) {
    const { location, name, sizeBytes, etag } = found;
    const options = parseFileOptions(await place.optionsOf(location));
    if ('problem' in options) return this.#hold(location, options.problem);
    const source = this.#sourceOf(place, options);
    if (source === undefined) return this.#hold(location, `no source is named ${options.source ?? ''}`);
    const facts = await inspectContent(() => place.open(location, { etag }), name, source.limits);
    const account = options.account ?? source.account;
    const about = { source: source.name, account, location, name, sizeBytes, runId: options.runId ?? '', etag };
    return fileFound({ ...about, ...facts }, this.options.clock.wallMicros());
  }

  #hold(location: string, problem: string): null {
    if (this.#held.get(location) !== problem) {
      this.options.logger.error(
        { path: location, problem },
        'the options beside a file are wrong: it is not taken until they are corrected',
      );
    }
    this.#held.set(location, problem);
    return null;
  }

  #sourceOf(place: ObjectPlace, { source }: FileOptions): SourceSettings | undefined {
    return this.options.sources.find(({ name }) => name === (source ?? place.source));
  }
}
