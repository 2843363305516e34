import { Get, Param, Req, Res, UseGuards } from '@nestjs/common';
import { PerTenant, rawQuery, type HttpReply, type HttpRequest } from '@signet/service';
import { describeSchema, describeType, serviceProviderConfig } from '../discovery/descriptions.js';
import { listResponse } from '../lists/list-response.js';
import type { Resource } from '../schema/resource-type.js';
import { groupType } from '../schema/tenant-schema.js';
import type { ScimContext } from '../scim-context.js';
import { notFound, ScimError } from '../scim-error.js';
import { Needs, provisionerOf, ScimGuard } from './scim-guard.js';
import { sendScim } from './scim-reply.js';

/** RFC 7644 section 4: what the tenant's SCIM is. Its own attributes are nobody's to know but its provisioners'. */
@UseGuards(ScimGuard)
@PerTenant('/scim/v2')
export class ScimDiscoveryController {
  @Get('ServiceProviderConfig')
  @Needs('scim:read')
  config(@Req() request: HttpRequest, @Res() reply: HttpReply): void {
    sendScim(reply, 200, serviceProviderConfig(contextOf(request).base));
  }

  @Get('ResourceTypes')
  @Needs('scim:read')
  types(@Req() request: HttpRequest, @Res() reply: HttpReply): void {
    const described = typesOf(contextOf(request));
    sendScim(reply, 200, listResponse(described.length, 1, described));
  }

  @Get('ResourceTypes/:name')
  @Needs('scim:read')
  type(@Param('name') name: string, @Req() request: HttpRequest, @Res() reply: HttpReply): void {
    sendScim(reply, 200, withId(typesOf(contextOf(request)), name));
  }

  @Get('Schemas')
  @Needs('scim:read')
  schemas(@Req() request: HttpRequest, @Res() reply: HttpReply): void {
    const described = schemasOf(contextOf(request));
    sendScim(reply, 200, listResponse(described.length, 1, described));
  }

  @Get('Schemas/:urn')
  @Needs('scim:read')
  schema(@Param('urn') urn: string, @Req() request: HttpRequest, @Res() reply: HttpReply): void {
    sendScim(reply, 200, withId(schemasOf(contextOf(request)), urn));
  }
}

/** "If a "filter" is provided, the service provider SHOULD respond with HTTP status code 403" (section 4). */
function contextOf(request: HttpRequest): ScimContext {
  if (new URLSearchParams(rawQuery(request)).has('filter')) throw new ScimError(403, undefined, 'This is not filtered');
  return provisionerOf(request).context;
}

const typesOf = ({ base, userType }: ScimContext): Resource[] =>
  [userType, groupType].map((type) => describeType(base, type));

const schemasOf = ({ base, userType }: ScimContext): Resource[] =>
  [userType.schema, ...userType.extensions, groupType.schema].map((schema) => describeSchema(base, schema));

function withId(described: readonly Resource[], id: string): Resource {
  const found = described.find((one) => one['id'] === id);
  if (!found) throw notFound();
  return found;
}
