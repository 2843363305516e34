import { Controller } from '@nestjs/common';
import { raiseFloors } from '@signet/contracts';
import { Serves } from '@signet/messaging';
import type { z } from 'zod';
import { Revocations } from './revocations.js';

/** Taking rights away, for whoever owns them. */
@Controller()
export class FloorsController {
  constructor(private readonly revocations: Revocations) {}

  @Serves(raiseFloors)
  async raise(request: z.output<typeof raiseFloors.request>): Promise<{ raised: number }> {
    await this.revocations.raise(request.floors, request.context ?? { actor: 'service:token' });
    return { raised: request.floors.length };
  }
}
