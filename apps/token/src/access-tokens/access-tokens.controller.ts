import { Controller } from '@nestjs/common';
import { checkAccessToken } from '@signet/contracts';
import { Serves } from '@signet/messaging';
import { AccessTokenChecks, type CheckedToken } from '@signet/service';
import type { z } from 'zod';

/** Judges access tokens for the other services. */
@Controller()
export class AccessTokensController {
  constructor(private readonly checks: AccessTokenChecks) {}

  @Serves(checkAccessToken)
  check(asked: z.output<typeof checkAccessToken.request>): Promise<CheckedToken> {
    return this.checks.check(asked);
  }
}
