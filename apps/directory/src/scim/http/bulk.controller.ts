import { Post, Req, Res, UseGuards } from '@nestjs/common';
import { BodyLimit, PerTenant, scimBody, type HttpReply, type HttpRequest } from '@signet/service';
import { bulkLimits } from '../bulk/bulk-limits.js';
import { readBulk } from '../bulk/read-bulk.js';
import { ScimBulk } from '../bulk/scim-bulk.js';
import { Needs, provisionerOf, ScimGuard } from './scim-guard.js';
import { sendScim } from './scim-reply.js';

/** RFC 7644 section 3.7. */
@UseGuards(ScimGuard)
@PerTenant('/scim/v2')
export class ScimBulkController {
  constructor(private readonly bulk: ScimBulk) {}

  @Post('Bulk')
  @Needs('scim:write')
  @BodyLimit(bulkLimits.maxPayloadSize)
  async run(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    sendScim(reply, 200, await this.bulk.run(provisionerOf(request).context, readBulk(scimBody(request))));
  }
}
