import { Controller } from '@nestjs/common';
import { signLogoutToken } from '@signet/contracts';
import { Serves } from '@signet/messaging';
import type { z } from 'zod';
import { LogoutTokens } from './logout-tokens.js';

/** Signs for the session service, which holds no key. */
@Controller()
export class LogoutTokensController {
  constructor(private readonly tokens: LogoutTokens) {}

  @Serves(signLogoutToken)
  sign(asked: z.output<typeof signLogoutToken.request>): Promise<z.input<typeof signLogoutToken.response>> {
    return this.tokens.sign(asked);
  }
}
