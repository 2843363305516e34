/**
 * How each kind of event is told in OCSF 1.3 (https://schema.ocsf.io/1.3.0), by service and noun. Activities are by the event's verb; a verb that
 * the class has no activity for is `Other`, with its name, and so is a type of `otherwise`.
 */
export type OcsfClass = 'account_change' | 'authentication' | 'entity_management' | 'user_access' | 'api_activity';

export interface OcsfActivities {
  readonly uid: number;
  readonly category: number;
  readonly activities: Readonly<Record<string, number>>;
}

export const ocsfClasses = {
  account_change: {
    ...{ uid: 3001, category: 3 },
    activities: { created: 1, restored: 2, changed: 3, disabled: 5, deleted: 6, erased: 6 },
  },
  authentication: {
    ...{ uid: 3002, category: 3 },
    activities: { succeeded: 1, failed: 1, 'failures-summarised': 1, created: 1, elevated: 1, ended: 2 },
  },
  entity_management: {
    ...{ uid: 3004, category: 3 },
    activities: {
      created: 1,
      fetched: 2,
      read: 2,
      begun: 2,
      updated: 3,
      applied: 3,
      deleted: 4,
      destroyed: 4,
      dropped: 4,
      disabled: 9,
    },
  },
  user_access: {
    ...{ uid: 3005, category: 3 },
    activities: { created: 1, extended: 1, approved: 1, revoked: 2, erased: 2 },
  },
  api_activity: { ...{ uid: 6003, category: 6 }, activities: {} },
} as const satisfies Readonly<Record<OcsfClass, OcsfActivities>>;

const ofNouns = (name: OcsfClass, ...nouns: readonly string[]) => nouns.map((noun) => [noun, name] as const);

export const ocsfClassOf: ReadonlyMap<string, OcsfClass> = new Map([
  ...ofNouns('account_change', 'directory.account', 'authn.password', 'authn.credentials'),
  ...ofNouns('authentication', 'authn.sign-in', 'authn.authorization', 'authn.user-code', 'authn.setup'),
  ...ofNouns('authentication', 'session.session', 'session.other-sessions', 'session.sessions', 'session.logout'),
  ...ofNouns('authentication', 'token.client', 'token.code', 'token.device', 'token.family', 'token.front-channel'),
  ...ofNouns('authentication', 'token.refresh', 'token.request', 'token.token'),
  ...ofNouns('user_access', 'authn.consent', 'token.grant', 'token.grants'),
  ...ofNouns('entity_management', 'token.key', 'token.revocation', 'session.logout-delivery'),
  ...ofNouns('entity_management', 'directory.client', 'directory.client-logo', 'directory.configuration'),
  ...ofNouns('entity_management', 'directory.group', 'directory.organisation', 'directory.role', 'directory.scope'),
  ...ofNouns('entity_management', 'directory.resource-server', 'directory.tenant', 'directory.initial-access-token'),
  ...ofNouns('entity_management', 'audit.events', 'audit.export', 'audit.stream', 'audit.entry-bundle', 'audit.event'),
  ...ofNouns('entity_management', 'audit.entries', 'authn.state', 'directory.state', 'token.state'),
  ...ofNouns('entity_management', 'audit.log-key', 'audit.personal-key', 'audit.webhook', 'audit.webhook-delivery'),
  ...ofNouns('api_activity', 'directory.provisioning', 'directory.registration'),
  ...['authn', 'token', 'session', 'directory', 'audit'].flatMap((service) =>
    ofNouns('api_activity', `${service}.management-call`),
  ),
]);

/** Somebody has what is another's: types by service, noun and verb. */
export const alarming: ReadonlySet<string> = new Set([
  'token.code.replayed',
  'token.device.replayed',
  'token.family.reused',
]);

/** Types whose verb means something else than that of others of their class. */
export const otherwise: ReadonlySet<string> = new Set(['authn.credentials.erased', 'token.family.ended']);
