import {
  directoryCreated,
  directoryDeleted,
  directoryUpdated,
  newId,
  type Catalogue,
  type EventContext,
  type RegistrationPolicy,
  type Tenant,
} from '@signet/contracts';
import { randomText, sha256Text, systemRandom } from '@signet/keys';
import { callContext, MeshError } from '@signet/messaging';
import type { Database, Transaction } from '@signet/persistence';
import {
  fail,
  invalidClientMetadata,
  invalidToken,
  ok,
  oauthError,
  type Client,
  type OAuthError,
  type Result,
} from '@signet/protocol';
import type { EventFactory, FloorRaiser, OutboundFetch } from '@signet/service';
import { z } from 'zod';
import type { ClientSecrets } from '../clients/client-secrets.js';
import { concealedMembers, viewOfClient } from '../clients/client-view.js';
import type { ClientRules } from '../clients/faults/client-check.js';
import { sectorFault } from '../clients/sector-identifier.js';
import { findUnraised } from '../changes/change-statements.js';
import { difference } from '../changes/difference.js';
import { endingFloor, versionFloor, type Subject } from '../changes/floors.js';
import { readCatalogue } from '../tenants/tenant-statements.js';
import { managementFault } from './management-members.js';
import { secretFor } from './registered-secret.js';
import { readRegistration, type Administered } from './registration-request.js';
import {
  deleteClient,
  findInitialToken,
  insertRegistration,
  lockRegistration,
  replaceRegistration,
  setSecret,
  spendInitialToken,
  type Registration,
} from './registration-statements.js';

export interface RegistrarDependencies {
  readonly database: Pick<Database, 'execute' | 'first' | 'run'>;
  readonly events: Pick<EventFactory, 'make'>;
  readonly floors: Pick<FloorRaiser, 'add' | 'raise'>;
  readonly secrets: ClientSecrets;
  readonly outbound: Pick<OutboundFetch, 'text'>;
  readonly rules: ClientRules;
}

/** What a client is told of its registration. */
export interface Registered {
  readonly client: Client;
  /** Seconds since the epoch. */
  readonly registeredAt: number;
  readonly accessToken: string;
  /** Only where it is new: of an older one the hash alone is kept. */
  readonly secret?: string | undefined;
}

/** Who asks, at which tenant. */
export interface Asking {
  readonly tenant: Tenant;
  readonly context: EventContext;
  readonly bearer: string | undefined;
}

const closed: RegistrationPolicy = { mode: 'closed' };
export const policyOf = ({ policies }: Tenant): RegistrationPolicy => policies.registration ?? closed;

const registeredId = z.uuid({ version: 'v7' });
/** Bytes of a registration access token. */
const tokenLength = 32;
const reason = 'dynamic_registration';

/** OAuth 2.0 Dynamic Client Registration (RFC 7591) and its management (RFC 7592). */
export class Registrar {
  constructor(private readonly on: RegistrarDependencies) {}

  /** RFC 7591 section 3. The caller has seen that the tenant's registration is not closed. */
  async register({ tenant, context, bearer }: Asking, body: unknown): Promise<Result<Registered>> {
    const { database, events, secrets } = this.on;
    const needsToken = policyOf(tenant).mode === 'initial_access_token';
    const initial = { tenantId: tenant.id, hash: sha256Text(bearer ?? '') };
    const mayRegister = !needsToken || (bearer !== undefined && (await database.first(findInitialToken, initial)));
    if (!mayRegister) return fail(unusableInitialToken());
    const clientId = newId(registeredId);
    const read = await this.#read(tenant, body, {
      ...{ clientId, tenantId: tenant.id, version: 1, enabled: true },
      ...{ consent: 'remembered', profile: 'oidc', requirePkce: false, introspects: [] },
      registration: needsToken ? 'protected' : 'open',
    });
    if (!read.ok) return read;
    const client = read.value;
    const { kept, issued } = secretFor(client, undefined, secrets);
    const accessToken = randomText(systemRandom, tokenLength);
    const made = difference({}, viewOfClient(client), concealedMembers);
    const created = events.make(directoryCreated.client, {
      ...{ tenantId: tenant.id, aggregate: clientId, client: clientId, context, reason },
      data: { changed: made?.changed ?? [], after: made?.after ?? {} },
    });
    const registered = await database.run(async (tx) => {
      if (needsToken && !(await tx.first(spendInitialToken, initial))) return undefined;
      const row = await tx.first(insertRegistration, { client, tokenHash: sha256Text(accessToken) });
      await tx.execute(setSecret, { tenantId: tenant.id, clientId, secret: kept });
      await tx.record(created, client.version);
      return row;
    });
    // The token's last use went to another registration meanwhile.
    if (!registered) return fail(unusableInitialToken());
    return ok({ client, registeredAt: registered.registeredAt, accessToken, secret: issued });
  }

  /** RFC 7592 section 2.1. */
  async show(asking: Asking, clientId: string): Promise<Result<Registered>> {
    const found = await find(this.on.database, asking, clientId);
    return found.ok ? ok(told(found.value, asking)) : found;
  }

  /**
   * RFC 7592 section 2.2: everything is replaced, and judged whole again. The registration access token stays, so that an update
   * that was not acknowledged can be repeated. Answers when no copy of the client as it was may be used any more.
   */
  async update(asking: Asking, clientId: string, body: unknown): Promise<Result<Registered>> {
    const { tenant } = asking;
    const known = await find(this.on.database, asking, clientId);
    if (!known.ok) return known;
    const misused = managementFault(body, known.value);
    if (misused) return fail(misused);
    const read = await this.#read(tenant, body, known.value.client);
    if (!read.ok) return read;
    const outcome = await this.on.database.run((tx) => this.#replace(tx, asking, read.value));
    await this.#raise(tenant);
    return outcome;
  }

  /** RFC 7592 section 2.3. Answers when all that the client held has ended. */
  async remove(asking: Asking, clientId: string): Promise<OAuthError | undefined> {
    const refused = await this.on.database.run(async (tx) => {
      const found = await find(tx, asking, clientId);
      if (!found.ok) return found.error;
      await this.#delete(tx, asking, found.value.client);
      return undefined;
    });
    await this.#raise(asking.tenant);
    return refused;
  }

  /** The body's client, with everything seen to that may be seen to before a transaction. */
  async #read(tenant: Tenant, body: unknown, known: Administered): Promise<Result<Client>> {
    const administered = administeredOf(known);
    const catalogue: Catalogue | undefined = await this.on.database.first(readCatalogue, { tenantId: tenant.id });
    if (!catalogue) throw new TypeError('A tenant has a catalogue.');
    const read = readRegistration(body, administered, { policy: policyOf(tenant), catalogue }, this.on.rules);
    if (!read.ok) return read;
    const fault = await sectorFault(read.value, this.on.outbound);
    // Whoever asked has had its 503 by then, so nothing may come of it.
    if (Date.now() >= (callContext.getStore()?.deadline ?? Infinity)) {
      throw new MeshError('deadline_exceeded', 'no time was left to register in');
    }
    if (!fault) return read;
    const { message, unread } = fault;
    return fail(
      invalidClientMetadata(`sector_identifier_uri: ${message}`, unread === undefined ? {} : { detail: unread }),
    );
  }

  async #replace(tx: Transaction, asking: Asking, read: Client): Promise<Result<Registered>> {
    const { tenant, context } = asking;
    const { clientId } = read;
    const locked = await find(tx, asking, clientId);
    if (!locked.ok) return locked;
    const before = locked.value.client;
    const wanted: Client = { ...read, ...administeredOf(before) };
    const { kept, issued } = secretFor(wanted, locked.value, this.on.secrets);
    const change = difference(
      { ...viewOfClient(before), secretHashes: locked.value.secrets },
      { ...viewOfClient(wanted), secretHashes: kept ? [kept] : [] },
      concealedMembers,
    );
    if (!change) return ok(told(locked.value, asking));
    const client = { ...wanted, version: before.version + 1 };
    const updated = this.on.events.make(directoryUpdated.client, {
      ...{ tenantId: tenant.id, aggregate: clientId, client: clientId, context, reason },
      data: change,
    });
    await tx.execute(replaceRegistration, client);
    await tx.execute(setSecret, { tenantId: tenant.id, clientId, secret: kept });
    await tx.record(updated, client.version);
    const floor = versionFloor(subjectOf(tenant, client), updated.id, client.version);
    if (floor) await this.on.floors.add(tx, [floor]);
    return ok({ ...told({ ...locked.value, client }, asking), secret: issued });
  }

  async #delete(tx: Transaction, { tenant, context }: Asking, { clientId, version }: Client): Promise<void> {
    const subject = subjectOf(tenant, { clientId });
    const deleted = this.on.events.make(directoryDeleted.client, {
      ...{ tenantId: tenant.id, aggregate: clientId, client: clientId, context, reason, data: {} },
    });
    await tx.execute(deleteClient, { tenantId: tenant.id, clientId });
    await tx.record(deleted, version + 1);
    const floors = [endingFloor(subject, deleted.id, 'deleted'), versionFloor(subject, deleted.id, version + 1)];
    await this.on.floors.add(
      tx,
      floors.filter((floor) => floor !== undefined),
    );
  }

  /** Also what an earlier request left that was not acknowledged. */
  async #raise({ id }: Tenant): Promise<void> {
    const unraised = await this.on.database.execute(findUnraised, { tenantIds: [id] });
    await this.on.floors.raise(unraised.map((floor) => floor.id));
  }
}

const unusableInitialToken = () => invalidToken('The initial access token is not valid');

/** RFC 7592 section 2: an unknown client and a wrong token are answered alike. */
async function find(
  database: Pick<Transaction, 'first'>,
  { tenant, bearer }: Asking,
  clientId: string,
): Promise<Result<Registration>> {
  const tokenHash = sha256Text(bearer ?? '');
  const key = { tenantId: tenant.id, clientId, tokenHash };
  const mayBe = bearer !== undefined && registeredId.safeParse(clientId).success;
  const found = mayBe ? await database.first(lockRegistration, key) : undefined;
  if (!found) return fail(invalidToken('The registration access token is not valid'));
  // "If the client does not have permission …, the server MUST return an HTTP 403": an operator has disabled it.
  return found.client.enabled
    ? ok(found)
    : fail(oauthError('access_denied', 'The client is disabled', { status: 403, detail: 'client_disabled' }));
}

/** What an operator may change at any time, while a body is read and judged too: the locked row's is what stands. */
function administeredOf(of: Administered): Administered {
  const { clientId, tenantId, version, enabled, consent, profile, requirePkce, introspects, registration } = of;
  return { clientId, tenantId, version, enabled, consent, profile, requirePkce, introspects, registration };
}

const told = ({ client, registeredAt }: Registration, { bearer = '' }: Asking): Registered => ({
  ...{ client, registeredAt, accessToken: bearer },
});

const subjectOf = ({ id }: Tenant, { clientId }: Pick<Client, 'clientId'>): Subject => ({
  ...{ kind: 'client', tenantId: id, id: clientId },
});
