export { BoundedMap } from './bounded-map.js';
export { createService, type RunningService } from './create-service.js';
export { defineService, type KeyPurpose, type ServiceDefinition } from './definition.js';
export {
  loadConfiguration,
  modeOf,
  type Configuration,
  type Fault,
  type Guessing,
  type Loaded,
  type Mode,
} from './configuration/configuration.js';
export { consumers as consumersSetting } from './configuration/forms.js';
export {
  openKeyring,
  openKeyringText,
  type KeyringSource,
  type OpenedKeyringFile,
} from './configuration/keyring-file.js';
export { keyManagementSettings } from './configuration/kms-settings.js';
export { isOfThisMachine } from './configuration/transport.js';
export { serviceConfiguration, ServiceConfiguration } from './configuration/service-configuration.js';
export { describeConfiguration, type SettingDescription } from './configuration/settings.js';
export { DirectoryCopies } from './copies/directory-copies.js';
export { DeliveryQueue, type Claiming, type DeliveryQueueOptions, type Due } from './deliveries/delivery-queue.js';
export { EventFactory } from './events/event-factory.js';
export { operatorEvents } from './events/operator-events.js';
export { FailureLog, type SummaryDefinition } from './events/failure-log.js';
export { openPersonalPart, readPersonalPart } from './events/personal-part.js';
export { FloorRaiser } from './floors/floor-raiser.js';
export { failpointOf } from './failpoint.js';
export { installationOf } from './installation.js';
export type { Health } from './health.js';
export { ClientHints } from './hints/client-hints.js';
export { IdTokenHints } from './hints/id-token-hints.js';
export type { HintKeys } from './hints/id-token-hints.js';
export { PublishedKeys } from './hints/published-keys.js';
export { BodyLimit } from './http/body-limit.js';
export { jsonBody, rawForm, rawQuery, scimBody } from './http/body-parsers.js';
export { BrowserForms, crossSitePost, type CrossSitePost } from './http/browser-form.js';
export { clearCookie, cookieName, readCookie, setCookie, type CookieOptions } from './http/cookies.js';
export { Cors } from './http/cors.js';
export type { ErrorPage } from './http/error-filter.js';
export type { ErrorForm, ToldError } from './http/error-form.js';
export { classify, RateLimited, UnsupportedMediaType, type PageFailure } from './http/failure.js';
export { LongAnswers } from './http/long-answers.js';
export { networkOfRequest } from './http/network.js';
export { noStore, sendOAuthError } from './http/replies.js';
export { traceOf } from './http/request-context.js';
export { seeOther } from './http/see-other.js';
export { browserStateCookie, readBrowserState, setBrowserState } from './http/browser-state.js';
export { clearSessionCookie, readSessionCookie, setSessionCookie, type CookieScope } from './http/session-cookie.js';
export type { HttpReply, HttpRequest } from './http/types.js';
export type { Answer } from './management/answer.js';
export { callerOf, covers, mayGive, reachOf, type Caller, type Reach } from './management/caller.js';
export type { Input } from './management/input.js';
export { ManagementGuard } from './management/management-guard.js';
export { ManagementProblem, nothingThere } from './management/management-problem.js';
export { mergePatch } from './management/merge-patch.js';
export { idempotencySweep, Once } from './management/once.js';
export { ForOperation, Operates, Operations } from './management/operates.js';
export type { Page, Position } from './management/page.js';
export { Precondition } from './management/precondition.js';
export {
  AccessTokenChecks,
  Authorities,
  type Administrator,
  type CheckedToken,
  type TokenCheck,
} from './management/ports.js';
export { administratorOf, isRefusal, proofOf } from './management/presented-call.js';
export { KeyManagementFailure, type KeyManagementFault } from './key-management/failure.js';
export { keyManagement, type KeyManagementSettings, type OpenKeyManagement } from './key-management/key-management.js';
export { networkKey, networkPlace, type NetworkPlace } from './limits/network-key.js';
export { RateLimitGuard } from './limits/rate-limit-guard.js';
export { RateLimits, type Bucket, type Rate, type Taken } from './limits/rate-limits.js';
export { NatsLink, type NatsConnection, type Stoppable } from './nats-link.js';
export { takeOverNestLog } from './observability/nest-logger.js';
export { Metrics } from './observability/metrics.js';
export { ServiceLogger } from './observability/service-logger.js';
export { AddedAuthorities } from './outbound/added-authorities.js';
export { ClientKeys, type ClientKeySource, type ClientKeyVerification } from './outbound/client-keys.js';
export {
  OutboundFetch,
  type OutboundBody,
  type OutboundAnswer,
  type OutboundFault,
  type OutboundResult,
  type OutboundStatus,
} from './outbound/outbound-fetch.js';
export { fetchableUrl } from './outbound/outbound-target.js';
export { Hasher } from './passwords/hasher.js';
export { Overloaded } from './passwords/overloaded.js';
export { Resealing, type ResealingParts } from './sealing/resealing.js';
export { type SealedColumn, sealedPages, unconfirmedPersonalParts } from './sealing/sealed-column.js';
export type { ServiceParts } from './service-module.js';
export type { ProcessResources } from './service-parts.js';
export { CurrentTenant, PerTenant, Public } from './tenancy/per-tenant.js';
export { TenantGuard } from './tenancy/tenant-guard.js';
export { TenantLookup } from './tenancy/tenant-lookup.js';
export { tenantOf } from './tenancy/tenant-of.js';
export { periodically, type Periodic } from './periodically.js';
export { version } from './version.js';
export { launch, type LaunchHooks } from './launch/launch.js';
export { startPlane, type PlaneOptions, type RunningPlane } from './launch/plane.js';
