import { v7 } from 'uuid';
import { z } from 'zod';

/** An id of ours: a UUIDv7 in lower case, whose head is the time that it was made. */
const uuid = z.uuid({ version: 'v7' }).lowercase();

export const tenantId = uuid.brand('TenantId');
export const accountId = uuid.brand('AccountId');
export const sessionId = uuid.brand('SessionId');
export const organisationId = uuid.brand('OrganisationId');
export const grantId = uuid.brand('GrantId');
export const instanceId = uuid.brand('InstanceId');
export const familyId = uuid.brand('FamilyId');
export const codeId = uuid.brand('CodeId');
export const pushedRequestId = uuid.brand('PushedRequestId');
export const deviceCodeId = uuid.brand('DeviceCodeId');
export const deliveryId = uuid.brand('DeliveryId');
export const webhookId = uuid.brand('WebhookId');
export const eventId = uuid.brand('EventId');
export const planId = uuid.brand('PlanId');
export const groupId = uuid.brand('GroupId');
export const roleId = uuid.brand('RoleId');
export const resourceServerId = uuid.brand('ResourceServerId');
export const scopeId = uuid.brand('ScopeId');

export type TenantId = z.infer<typeof tenantId>;
export type AccountId = z.infer<typeof accountId>;
export type SessionId = z.infer<typeof sessionId>;
export type OrganisationId = z.infer<typeof organisationId>;
/** What a person calls a consent: account × client. */
export type GrantId = z.infer<typeof grantId>;
/** What came of one redemption of a code, refresh token or not. */
export type InstanceId = z.infer<typeof instanceId>;
export type FamilyId = z.infer<typeof familyId>;
export type CodeId = z.infer<typeof codeId>;
export type PushedRequestId = z.infer<typeof pushedRequestId>;
export type DeviceCodeId = z.infer<typeof deviceCodeId>;
/** Of what one client is told of the end of one session. */
export type DeliveryId = z.infer<typeof deliveryId>;
export type WebhookId = z.infer<typeof webhookId>;
export type EventId = z.infer<typeof eventId>;
/** One application of a configuration across the services. */
export type PlanId = z.infer<typeof planId>;
export type GroupId = z.infer<typeof groupId>;
export type RoleId = z.infer<typeof roleId>;
export type ResourceServerId = z.infer<typeof resourceServerId>;
export type ScopeId = z.infer<typeof scopeId>;

type Id = z.ZodType<string>;

/** A new id of the kind that `schema` names: `newId(accountId)`. */
export function newId<S extends Id>(schema: S): z.infer<S> {
  return schema.parse(v7());
}

/** The same of a given instant (milliseconds since the epoch); `sequence`, below 2^31, puts those of one millisecond in order. */
export function newIdAt<S extends Id>(schema: S, milliseconds: number, sequence: number): z.infer<S> {
  return schema.parse(v7({ msecs: milliseconds, seq: sequence }));
}

/** The instant in a UUIDv7's first 48 bits, in milliseconds since the epoch. Does not check the version. */
export function timeOfId(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}

/** The kinds of ids that people see: tenant, plan, account, organisation, group, role, resource server, scope, session, grant, logout delivery, webhook. */
export const idPrefixes = ['ten', 'pln', 'acc', 'org', 'grp', 'rol', 'rsv', 'scp', 'ses', 'gra', 'dlv', 'whk'] as const;
export type IdPrefix = (typeof idPrefixes)[number];

/** An id as people see it: `ten_018f…`, without hyphens. */
export function showId(prefix: IdPrefix, id: string): string {
  return `${prefix}_${id.replaceAll('-', '')}`;
}

/** The id that `showId` has shown; undefined for anything that it never shows. Does not check the version. */
export function readId(prefix: IdPrefix, shown: string): string | undefined {
  const [, hex] = /^[a-z]{3}_([0-9a-f]{32})$/.exec(shown) ?? [];
  if (hex === undefined || !shown.startsWith(`${prefix}_`)) return undefined;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
