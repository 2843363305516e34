import { Delete, Get, Param, Patch, Post, Put, Req, Res, UseGuards } from '@nestjs/common';
import { PerTenant, rawQuery, scimBody, type HttpReply, type HttpRequest } from '@signet/service';
import { ScimGroups } from '../groups/scim-groups.js';
import { listParameters, readListQuery, searchParameters } from '../lists/list-query.js';
import { groupType } from '../schema/tenant-schema.js';
import { askedOf, isNotModified } from './asked.js';
import { Needs, provisionerOf, ScimGuard } from './scim-guard.js';
import { sendNothing, sendResource, sendScim } from './scim-reply.js';

/** RFC 7644 section 3: `/Groups`. */
@UseGuards(ScimGuard)
@PerTenant('/scim/v2')
export class ScimGroupsController {
  constructor(private readonly groups: ScimGroups) {}

  @Get('Groups')
  @Needs('scim:read')
  async list(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const query = readListQuery(groupType, listParameters(rawQuery(request)));
    sendScim(reply, 200, await this.groups.list(provisionerOf(request).context, query));
  }

  @Post('Groups/.search')
  @Needs('scim:read')
  async search(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const query = readListQuery(groupType, searchParameters(scimBody(request)));
    sendScim(reply, 200, await this.groups.list(provisionerOf(request).context, query));
  }

  @Post('Groups')
  @Needs('scim:write')
  async create(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const asked = askedOf(groupType, request);
    const found = await this.groups.create(provisionerOf(request).context, scimBody(request), asked);
    sendResource(reply, 201, groupType, found, asked.projection);
  }

  @Get('Groups/:id')
  @Needs('scim:read')
  async find(@Param('id') id: string, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const asked = askedOf(groupType, request);
    const found = await this.groups.find(provisionerOf(request).context, id, asked);
    if (isNotModified(request, found.version)) sendNothing(reply, 304, found.version);
    else sendResource(reply, 200, groupType, found, asked.projection);
  }

  @Put('Groups/:id')
  @Needs('scim:write')
  async replace(@Param('id') id: string, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const asked = askedOf(groupType, request);
    const found = await this.groups.replace(provisionerOf(request).context, id, scimBody(request), asked);
    sendResource(reply, 200, groupType, found, asked.projection);
  }

  /** "If the "attributes" parameter is specified, the server MUST return … 200" (RFC 7644 section 3.5.2); else 204, for the sake of large groups. */
  @Patch('Groups/:id')
  @Needs('scim:write')
  async patch(@Param('id') id: string, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { context } = provisionerOf(request);
    const asked = askedOf(groupType, request);
    const version = await this.groups.patch(context, id, scimBody(request), asked);
    if (!asked.projection.only) sendNothing(reply, 204, version);
    else sendResource(reply, 200, groupType, await this.groups.find(context, id, asked), asked.projection);
  }

  @Delete('Groups/:id')
  @Needs('scim:write')
  async remove(@Param('id') id: string, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    await this.groups.remove(provisionerOf(request).context, id, askedOf(groupType, request));
    sendNothing(reply, 204);
  }
}
