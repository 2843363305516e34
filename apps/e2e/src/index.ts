export { Administrator, consoleClient, type Answered } from './administrator.js';
export { BackChannels, verifyLogoutToken, type Call } from './back-channels.js';
export { InnerTls, type ServerTls } from './inner-tls.js';
export { Ledger } from './ledger.js';
export { CheckpointKeeper } from './checkpoints.js';
export { launchChromium, launchFramingChromium, looks, screenshots } from './chromium.js';
export { Crowd, personOf, shownSession, uses, type Attempt, type Member } from './crowd.js';
export { DebianPostgres } from './debian-postgres.js';
export { developmentTls } from './development-tls.js';
export { approveDevice, beginDevice, enterUserCode, pollDevice, waitingOf, type WaitingDevice } from './devices.js';
export { DpopProver, sameProof } from './dpop-prover.js';
export { forms, Plane, type Form, type Part, type PlaneOptions } from './plane.js';
export { databaseAt, ownDatabase, type OwnDatabase } from './plane-database.js';
export { Program, root, signet, until, withinASecond } from './programs.js';
export { everythingTold, PlantedSecrets } from './planted-secrets.js';
export { plainHttp } from './plain-http.js';
export { answerOf, basic, RawClient, tokensOf, type Answer, type Code, type TokenSet } from './raw-client.js';
export { seeded } from './random.js';
export { RelyingParty, type BuildUrl, type SignedIn } from './relying-party.js';
export { openSetUp, setUpOf, signsIn, unadministered, type SetUp } from './set-up.js';
export { Storms } from './storms.js';
export { StreamFollower } from './stream-follower.js';
export { TraceCollector, type CollectedSpan } from './trace-collector.js';
export { tracesOf } from './traces.js';
export { Traffic, type Failure } from './traffic.js';
export { trustingFetch } from './trusting-fetch.js';
export {
  afterLogout,
  alice,
  api,
  callback,
  codeClient,
  configurationFile,
  endpoint,
  issuerOf,
  secrets,
  tenants,
  twinTenants,
  type TenantSlug,
} from './twin-tenants.js';
export { UserAgent, type Fetch, type Person, type Shown } from './user-agent.js';
export { AuditLog, type LoggedEvent } from './audit-log.js';
export { Workload } from './workload.js';
export { WebhookReceiver } from './webhook-receiver.js';
