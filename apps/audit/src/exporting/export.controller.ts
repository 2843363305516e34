import type { OutgoingHttpHeaders } from 'node:http';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Get, Req, Res, UseGuards } from '@nestjs/common';
import { exportBegun, type Tenant } from '@signet/contracts';
import { Database } from '@signet/persistence';
import {
  callerOf,
  CurrentTenant,
  EventFactory,
  ForOperation,
  LongAnswers,
  ManagementGuard,
  ManagementProblem,
  PerTenant,
  rawQuery,
  ServiceLogger,
  type HttpReply,
  type HttpRequest,
} from '@signet/service';
import type { z } from 'zod';
import { firstMillisecond } from '../asking/asked-filters.js';
import { PersonalParts } from '../personal/personal-parts.js';
import { readSizes } from '../reading/log-range.js';
import { TypeFilter } from '../reading/type-filter.js';
import { credentialOf } from '../streaming/judgement.js';
import { Turns } from '../streaming/turns.js';
import { exportLines } from './export-lines.js';
import { exportEvents } from './export-operation.js';
import { ExportPlaces } from './export-places.js';
import { whenUnread } from './unread.js';

/** Statements of exports at once in this replica: whoever searches the log meanwhile waits for none of them. */
const readers = 2;
/** Milliseconds for which somebody may read nothing. */
const patience = 60_000;

type Asked = z.output<typeof exportEvents.query>;

interface Writing {
  readonly from: number;
  readonly size: number;
  readonly zipped: boolean;
  readonly judged: AbortSignal;
}

/** A tenant's log as lines, from an index to where the log ended when it was asked for. */
@PerTenant('/audit/v1/export')
export class ExportController {
  readonly #turns = new Turns(readers);

  constructor(
    private readonly database: Database,
    private readonly events: EventFactory,
    private readonly personal: PersonalParts,
    private readonly longAnswers: LongAnswers,
    private readonly places: ExportPlaces,
    private readonly logger: ServiceLogger,
  ) {}

  @Get()
  @ForOperation(exportEvents)
  @UseGuards(ManagementGuard)
  async export(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const asked = askedOf(request);
    const credential = credentialOf(request, asked.personal);
    const zipped = takesGzip(request.headers['accept-encoding']);
    const size = (await this.database.first(readSizes, { tenants: [tenant.id] }))?.size ?? 0;
    const from = asked.after === undefined ? 0 : asked.after + 1;
    if (from > size) throw new ManagementProblem('invalid-request', `The log ends before entry ${from - 1}`);
    void reply.headers({
      'Content-Type': 'application/x-ndjson; charset=utf-8',
      'Cache-Control': 'no-store',
      Vary: 'Accept-Encoding',
      // Entries up to it have been looked at when the answer has come to its end.
      'Signet-Log-Size': String(size),
      ...(zipped && { 'Content-Encoding': 'gzip' }),
    });
    if (request.method === 'HEAD') {
      void reply.status(200).send();
      return;
    }
    const place = this.places.enter(tenant.id, credential);
    try {
      await this.#record(tenant, request, asked, from, size);
      await this.#write(tenant, asked, { from, size, zipped, judged: place.judged }, reply);
    } finally {
      place.leave();
    }
  }

  async #write(tenant: Tenant, asked: Asked, { from, size, zipped, judged }: Writing, reply: HttpReply): Promise<void> {
    const lines = exportLines(this.database, this.#turns, {
      ...{ tenantId: tenant.id, from, upTo: size, format: asked.format },
      types: new TypeFilter(asked.type === undefined ? [] : [asked.type]),
      since: asked.since === undefined ? undefined : firstMillisecond(asked.since),
      until: asked.until === undefined ? undefined : firstMillisecond(asked.until),
      personal: asked.personal ? this.personal : undefined,
    });
    reply.hijack();
    reply.raw.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders);
    const through: Transform[] = zipped ? [createGzip()] : [];
    const { ending } = this.longAnswers;
    const unread = whenUnread(reply.raw, patience);
    try {
      await pipeline([Readable.from(lines), ...through, reply.raw], {
        signal: AbortSignal.any([ending, unread, judged]),
      });
    } catch (error) {
      // Broken off, the answer has no end by which its reader could take it for whole; it goes on after its last line.
      reply.raw.destroy();
      const why: unknown = judged.aborted
        ? judged.reason
        : unread.aborted
          ? 'unread'
          : ending.aborted
            ? 'ending'
            : error;
      this.#tellBroken(tenant, why);
    }
  }

  #tellBroken({ id: tenant }: Tenant, why: unknown): void {
    const reason = hasGone(why) ? 'reader_gone' : why;
    if (typeof reason === 'string') this.logger.info('export.broken_off', { tenant, reason });
    else this.logger.error('export.broken_off', { tenant, reason: 'failed', error: why });
  }

  async #record(tenant: Tenant, request: HttpRequest, asked: Asked, from: number, upTo: number): Promise<void> {
    const { context, clientId, accountId } = callerOf(request);
    const { since, until, type, format, personal } = asked;
    const filters = {
      ...(since !== undefined && { since }),
      ...(until !== undefined && { until }),
      ...(type !== undefined && { type }),
    };
    await this.database.record(
      this.events.make(exportBegun, {
        ...{
          tenantId: tenant.id,
          client: clientId,
          context,
          data: { format, from, upTo, filters, personalParts: personal },
        },
        ...(accountId !== undefined && { account: accountId }),
      }),
    );
  }
}

const hasGone = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE'].includes(String(error.code));

function askedOf(request: HttpRequest): Asked {
  const given = [...new URLSearchParams(rawQuery(request))];
  const names = given.map(([name]) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  const parsed = exportEvents.query.safeParse(Object.fromEntries(given));
  if (parsed.success && twice === undefined) return parsed.data;
  const parameter = twice ?? String(parsed.error?.issues[0]?.path[0] ?? '');
  throw new ManagementProblem('invalid-request', 'A query parameter is not valid', {
    errors: [
      {
        parameter: parameter.slice(0, 100),
        detail: twice === undefined ? 'is not valid' : 'is included more than once',
      },
    ],
  });
}

/** RFC 9110 section 12.5.3. */
function takesGzip(header: string | string[] | undefined): boolean {
  const codings = [header ?? ''].flat().join(',').toLowerCase().split(',');
  return codings.some((coding) => /^\s*(?:gzip|x-gzip)\s*(?:;\s*q\s*=\s*(?!0(?:\.0*)?\s*$).*)?$/.test(coding));
}
