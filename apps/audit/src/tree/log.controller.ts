import { Get, NotFoundException, Param, Req, Res, UseGuards } from '@nestjs/common';
import { entryBundleFetched, eventId, logPath, readLogEntries, type Tenant } from '@signet/contracts';
import { Database } from '@signet/persistence';
import {
  callerOf,
  Cors,
  CurrentTenant,
  EventFactory,
  ForOperation,
  ManagementGuard,
  PerTenant,
  Public,
  type HttpReply,
  type HttpRequest,
} from '@signet/service';
import {
  consistencyPath,
  encodeBase64,
  formatNoteKey,
  inclusionPath,
  parseTilePath,
  TILE_WIDTH,
  type Tile,
} from '@signet/tlog';
import { publicLogKey } from './log-keys.js';
import { malformed, numberOf, parametersOf } from './log-query.js';
import { TreeReader } from './tree-reader.js';

/** RFC 8246: what will never be different. */
const immutable = 'public, max-age=31536000, immutable';
/** C2SP tlog-tiles, Checkpoints: not beyond a few seconds. */
const brief = 'public, max-age=1';
/** A partial tile grows into another one, which has another path; this one is asked for a while. */
const passing = 'public, max-age=60';
const text = 'text/plain; charset=utf-8';
const bytes = 'application/octet-stream';

/**
 * C2SP tlog-tiles. Hashes, checkpoints and the key are for everybody: they tell how many events there are, and nothing of them. Entries are for
 * whoever may read events.
 */
@Cors()
@PerTenant(logPath)
export class LogController {
  constructor(
    private readonly reader: TreeReader,
    private readonly database: Database,
    private readonly events: EventFactory,
  ) {}

  @Get('checkpoint')
  @Public()
  async checkpoint(@CurrentTenant() { id }: Tenant, @Res() reply: HttpReply): Promise<void> {
    const { size, checkpoint, witnessedSize, witnessed } = await this.signed(id);
    // Cosignatures stand with the checkpoint that they are of.
    send(reply, text, brief, (witnessedSize === size ? witnessed : undefined) ?? checkpoint);
  }

  /** The latest that witnesses have cosigned. */
  @Get('checkpoint.witnessed')
  @Public()
  async witnessed(@CurrentTenant() { id }: Tenant, @Res() reply: HttpReply): Promise<void> {
    const { witnessed } = await this.signed(id);
    if (witnessed === null) throw new NotFoundException();
    send(reply, text, brief, witnessed);
  }

  @Get('key')
  @Public()
  async key(@CurrentTenant() { id }: Tenant, @Res() reply: HttpReply): Promise<void> {
    const { origin, publicKey } = await this.signed(id);
    send(reply, text, 'public, max-age=3600', `${formatNoteKey(publicLogKey(origin, publicKey))}\n`);
  }

  @Get('tile/entries/*')
  @ForOperation(readLogEntries)
  @UseGuards(ManagementGuard)
  async entries(
    @CurrentTenant() { id: tenantId }: Tenant,
    @Param('*') rest: string,
    @Req() request: HttpRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const tile = tileOf(`tile/entries/${rest}`, request);
    const bundle = tile && (await this.reader.tile(tenantId, tile));
    if (!bundle) throw new NotFoundException();
    const first = tile.index * TILE_WIDTH;
    await this.record(tenantId, request, { first, last: first + tile.width - 1 });
    // Retention may take entries out of it.
    send(reply, bytes, 'private, no-store', bundle);
  }

  @Get('tile/*')
  @Public()
  async tile(
    @CurrentTenant() { id }: Tenant,
    @Param('*') rest: string,
    @Req() request: HttpRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const tile = tileOf(`tile/${rest}`, request);
    // However the path was written: entries have a guard.
    const hashes = tile && tile.level !== 'entries' ? await this.reader.tile(id, tile) : undefined;
    if (!tile || !hashes) throw new NotFoundException();
    send(reply, bytes, tile.width === TILE_WIDTH ? immutable : passing, hashes);
  }

  @Get('proof/consistency')
  @Public()
  async consistency(@CurrentTenant() { id }: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply) {
    const { size } = await this.signed(id);
    const asked = parametersOf(request, ['from', 'to']);
    const to = numberOf('to', asked.get('to'), size) ?? size;
    const from = numberOf('from', asked.get('from'), to);
    if (from === undefined) throw malformed('from', 'is needed');
    const hashes = await this.reader.hashes(id, consistencyPath(from, to), to);
    sendProof(reply, asked.has('to') ? immutable : brief, { from, to, hashes: hashes.map(encodeBase64) });
  }

  @Get('proof/inclusion')
  @ForOperation(readLogEntries)
  @UseGuards(ManagementGuard)
  async inclusion(@CurrentTenant() { id }: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply) {
    const tree = await this.signed(id);
    const asked = parametersOf(request, ['index', 'event', 'size']);
    const size = numberOf('size', asked.get('size'), tree.size) ?? tree.size;
    if (asked.has('index') === asked.has('event')) throw malformed('index', 'or event is needed, and not both');
    const index = asked.has('index')
      ? numberOf('index', asked.get('index'), size - 1)
      : await this.indexOf(id, asked.get('event'));
    if (index === undefined || index >= size) throw new NotFoundException();
    const hashes = await this.reader.hashes(id, inclusionPath(index, size), size);
    sendProof(reply, 'private, no-store', { index, size, hashes: hashes.map(encodeBase64) });
  }

  private async indexOf(tenantId: Tenant['id'], event: string | undefined): Promise<number | undefined> {
    const id = eventId.safeParse(event);
    if (!id.success) throw malformed('event', 'is the id of an event');
    return (await this.reader.leaf(tenantId, id.data))?.index;
  }

  private async signed(tenantId: Tenant['id']) {
    const tree = await this.reader.signed(tenantId);
    if (!tree) throw new NotFoundException();
    return tree;
  }

  /** To read the log is an event of the log. */
  private async record(tenantId: Tenant['id'], request: HttpRequest, data: { first: number; last: number }) {
    const { context, clientId, accountId } = callerOf(request);
    await this.database.record(
      this.events.make(entryBundleFetched, {
        ...{ tenantId, client: clientId, context, data },
        ...(accountId !== undefined && { account: accountId }),
      }),
    );
  }
}

/** The tile that a path names as it was sent: each has one path, and none that is encoded. */
function tileOf(decoded: string, request: HttpRequest): Tile | undefined {
  const [path = ''] = (request.raw.url ?? '').split('?', 1);
  return path.endsWith(`/${decoded}`) ? parseTilePath(decoded) : undefined;
}

function send(reply: HttpReply, type: string, caching: string, body: Uint8Array | string): void {
  void reply.header('Cache-Control', caching).type(type).send(body);
}

function sendProof(reply: HttpReply, caching: string, proof: Readonly<Record<string, unknown>>): void {
  send(reply, 'application/json; charset=utf-8', caching, JSON.stringify(proof));
}
