import { Delete, Get, Param, Patch, Post, Put, Req, Res, UseGuards } from '@nestjs/common';
import { PerTenant, rawQuery, scimBody, type HttpReply, type HttpRequest } from '@signet/service';
import { listParameters, readListQuery, searchParameters } from '../lists/list-query.js';
import { ScimUsers } from '../users/scim-users.js';
import { askedOf, isNotModified } from './asked.js';
import { Needs, provisionerOf, ScimGuard } from './scim-guard.js';
import { sendNothing, sendResource, sendScim } from './scim-reply.js';

/** RFC 7644 section 3: `/Users`. */
@UseGuards(ScimGuard)
@PerTenant('/scim/v2')
export class ScimUsersController {
  constructor(private readonly users: ScimUsers) {}

  @Get('Users')
  @Needs('scim:read')
  async list(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { context } = provisionerOf(request);
    const query = readListQuery(context.userType, listParameters(rawQuery(request)));
    sendScim(reply, 200, await this.users.list(context, query));
  }

  @Post('Users/.search')
  @Needs('scim:read')
  async search(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { context } = provisionerOf(request);
    const query = readListQuery(context.userType, searchParameters(scimBody(request)));
    sendScim(reply, 200, await this.users.list(context, query));
  }

  @Post('Users')
  @Needs('scim:write')
  async create(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { context } = provisionerOf(request);
    const { projection } = askedOf(context.userType, request);
    sendResource(reply, 201, context.userType, await this.users.create(context, scimBody(request)), projection);
  }

  @Get('Users/:id')
  @Needs('scim:read')
  async find(@Param('id') id: string, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { context } = provisionerOf(request);
    const { projection } = askedOf(context.userType, request);
    const found = await this.users.find(context, id);
    if (isNotModified(request, found.version)) sendNothing(reply, 304, found.version);
    else sendResource(reply, 200, context.userType, found, projection);
  }

  @Put('Users/:id')
  @Needs('scim:write')
  async replace(@Param('id') id: string, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { context } = provisionerOf(request);
    const asked = askedOf(context.userType, request);
    const found = await this.users.replace(context, id, scimBody(request), asked);
    sendResource(reply, 200, context.userType, found, asked.projection);
  }

  @Patch('Users/:id')
  @Needs('scim:write')
  async patch(@Param('id') id: string, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { context } = provisionerOf(request);
    const asked = askedOf(context.userType, request);
    const found = await this.users.patch(context, id, scimBody(request), asked);
    sendResource(reply, 200, context.userType, found, asked.projection);
  }

  @Delete('Users/:id')
  @Needs('scim:write')
  async remove(@Param('id') id: string, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { context } = provisionerOf(request);
    await this.users.remove(context, id, askedOf(context.userType, request));
    sendNothing(reply, 204);
  }
}
