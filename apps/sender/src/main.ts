import { runService } from '@paceline/runtime';
import { senderService } from './sender.module.ts';

await runService(senderService);
