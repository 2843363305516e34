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
      .status(200)
      // A shared cache would keep it for a second more.
      .header('Cache-Control', `private, max-age=${timeToLive}`)
      .header('Vary', 'Accept')
      .type(STATUS_LIST_MEDIA_TYPE)
      .send(list);
  }
}
