import { Controller } from '@nestjs/common';
import { findAuthority } from '@signet/contracts';
import { Serves } from '@signet/messaging';
import { Authorities } from '@signet/service';
import type { z } from 'zod';

@Controller()
export class AuthorityController {
  constructor(private readonly authorities: Authorities) {}

  @Serves(findAuthority)
  async find(administrator: z.output<typeof findAuthority.request>) {
    return { permissions: [...(await this.authorities.of(administrator))] };
  }
}
