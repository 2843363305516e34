import { Get, NotFoundException, Param, Query, Req, Res } from '@nestjs/common';
import type { Tenant } from '@signet/contracts';
import { acceptsStatusList, STATUS_LIST_MEDIA_TYPE } from '@signet/protocol';
import { Cors, CurrentTenant, PerTenant, Public, type HttpReply, type HttpRequest } from '@signet/service';
import { statusListPath } from './status-list.js';
import { StatusLists, timeToLive } from './status-lists.js';

/** draft-ietf-oauth-status-list section 8. */
@Cors()
@PerTenant(statusListPath)
export class StatusListsController {
  constructor(private readonly lists: StatusLists) {}

  @Get(':number')
  @Public()
  async show(
    @CurrentTenant() tenant: Tenant,
    @Param('number') number: string,
    @Query('time') time: unknown,
    @Req() request: HttpRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    // Section 8.4: a server without lists of the past SHOULD say 501.
    const refusal = time !== undefined ? 501 : acceptsStatusList(request.headers.accept) ? undefined : 406;
    if (refusal !== undefined) {
      void reply.status(refusal).header('Cache-Control', 'no-store').send();
      return;
    }
    const list = /^(?:0|[1-9]\d{0,9})$/.test(number) ? await this.lists.read(tenant, Number(number)) : undefined;
    if (list === undefined) throw new NotFoundException();
    void reply
      .header('Cache-Control', `public, max-age=${timeToLive}`)
      .header('ETag', list.etag)
      .header('Vary', 'Accept');
    if (matches(request.headers['if-none-match'], list.etag)) {
      void reply.status(304).send();
      return;
    }
    void reply.status(200).type(STATUS_LIST_MEDIA_TYPE).send(list.jwt);
  }
}

/** RFC 9110 section 13.1.2. */
function matches(header: string | undefined, etag: string): boolean {
  const named = header?.split(',').map((one) => one.trim().replace(/^W\//, '')) ?? [];
  return named.includes('*') || named.includes(etag);
}
