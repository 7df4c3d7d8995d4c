import { runService } from '@paceline/runtime';
import { errorRouterService } from './error-router.module.ts';

await runService(errorRouterService);
