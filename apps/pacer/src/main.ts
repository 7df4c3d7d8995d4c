import { runService } from '@paceline/runtime';
import { pacerService } from './pacer.module.ts';

await runService(pacerService);
