import { Get, Patch, Put, Req, Res, UseGuards } from '@nestjs/common';
import { showId } from '@signet/contracts';
import { PerTenant, scimBody, type HttpReply, type HttpRequest } from '@signet/service';
import { notFound } from '../scim-error.js';
import type { Found } from '../scim-resource.js';
import { ScimUsers } from '../users/scim-users.js';
import { askedOf, isNotModified } from './asked.js';
import { Needs, provisionerOf, ScimGuard } from './scim-guard.js';
import { sendNothing, sendResource } from './scim-reply.js';

/** RFC 7644 section 3.11: the account whose token it is. Everybody reads himself; who changes himself is a provisioner. */
@UseGuards(ScimGuard)
@PerTenant('/scim/v2')
export class ScimMeController {
  constructor(private readonly users: ScimUsers) {}

  @Get('Me')
  @Needs('self')
  async find(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { context } = provisionerOf(request);
    const found = await this.users.find(context, selfOf(request));
    if (isNotModified(request, found.version)) sendNothing(reply, 304, found.version);
    else this.#send(request, reply, found);
  }

  @Put('Me')
  @Needs('scim:write')
  async replace(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { context } = provisionerOf(request);
    const asked = askedOf(context.userType, request);
    this.#send(request, reply, await this.users.replace(context, selfOf(request), scimBody(request), asked));
  }

  @Patch('Me')
  @Needs('scim:write')
  async patch(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { context } = provisionerOf(request);
    const asked = askedOf(context.userType, request);
    this.#send(request, reply, await this.users.patch(context, selfOf(request), scimBody(request), asked));
  }

  #send(request: HttpRequest, reply: HttpReply, found: Found): void {
    const { userType } = provisionerOf(request).context;
    void reply.header('Content-Location', found.location);
    sendResource(reply, 200, userType, found, askedOf(userType, request).projection);
  }
}

function selfOf(request: HttpRequest): string {
  const { accountId } = provisionerOf(request);
  if (accountId === undefined) throw notFound('The token is of no account');
  return showId('acc', accountId);
}
