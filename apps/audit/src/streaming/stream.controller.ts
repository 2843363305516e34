import type { OutgoingHttpHeaders } from 'node:http';
import { Get, Req, Res, UseGuards } from '@nestjs/common';
import { streamBegun, type Tenant } from '@signet/contracts';
import { Database } from '@signet/persistence';
import {
  callerOf,
  CurrentTenant,
  EventFactory,
  ForOperation,
  ManagementGuard,
  ManagementProblem,
  PerTenant,
  ServiceLogger,
  type HttpReply,
  type HttpRequest,
} from '@signet/service';
import { PersonalParts } from '../personal/personal-parts.js';
import { askedOf, type Asked, type Start } from './asked.js';
import { EventStream } from './event-stream.js';
import { credentialOf } from './judgement.js';
import { LogTails, type Following } from './log-tails.js';
import { OpenStreams } from './open-streams.js';
import { streamEvents } from './stream-operation.js';

const headers = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // What a proxy held back would come late, and a heartbeat would tell nothing.
  'X-Accel-Buffering': 'no',
  Connection: 'close',
} as const;

/** Server-sent events (HTML living standard section 9.2): each an event of the tenant's log, from where the client was. */
@PerTenant('/audit/v1/stream')
export class StreamController {
  constructor(
    private readonly database: Database,
    private readonly events: EventFactory,
    private readonly tails: LogTails,
    private readonly streams: OpenStreams,
    private readonly personal: PersonalParts,
    private readonly logger: ServiceLogger,
  ) {}

  @Get()
  @ForOperation(streamEvents)
  @UseGuards(ManagementGuard)
  async stream(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const asked = askedOf(request);
    const credential = credentialOf(request, asked.personal);
    if (request.method === 'HEAD') {
      void reply.status(200).headers(headers).send();
      return;
    }
    const place = this.streams.enter(tenant.id, credential);
    let stream: EventStream | undefined;
    let log: Following | undefined;
    try {
      log = await this.tails.follow(tenant.id, () => stream?.wake());
      const from = firstOf(asked.start, log.size);
      await this.#record(tenant, request, asked, from);
      void reply.headers(headers);
      reply.hijack();
      reply.raw.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders);
      stream = new EventStream({
        ...{ output: reply.raw, log, from, types: asked.filter, logger: this.logger },
        personal: asked.personal ? this.personal : undefined,
        onEnd: () => {
          place.leave();
        },
      });
      place.fill(stream);
    } catch (error) {
      log?.end();
      place.leave();
      throw error;
    }
  }

  /** To read the log is an event of the log. */
  async #record(tenant: Tenant, request: HttpRequest, { types, personal }: Asked, from: number): Promise<void> {
    const { context, clientId, accountId } = callerOf(request);
    await this.database.record(
      this.events.make(streamBegun, {
        ...{
          tenantId: tenant.id,
          client: clientId,
          context,
          data: { from, types: [...types], personalParts: personal },
        },
        ...(accountId !== undefined && { account: accountId }),
      }),
    );
  }
}

/** Index of the first entry. Throws a problem for a place that the log has not come to, or has lost. */
function firstOf(start: Start, size: number): number {
  if (start === 'beginning') return 0;
  if (start === 'end') return size;
  if (start.after < size) return start.after + 1;
  throw new ManagementProblem('invalid-request', `The log ends before entry ${start.after}`);
}
