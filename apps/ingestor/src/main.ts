import { runService } from '@paceline/runtime';
import { ingestorService } from './ingestor.module.ts';

await runService(ingestorService);
