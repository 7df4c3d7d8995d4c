import { runService } from '@paceline/runtime';
import { archiverService } from './archiver.module.ts';

await runService(archiverService);
