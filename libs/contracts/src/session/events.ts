import { z } from 'zod';
import { defineEvent } from '../events/definition.js';
import { acr, amr, refusalSummary } from '../events/fields.js';

export const sessionCreated = defineEvent('session', 'session', 'created', {
  occurs: 'an SSO session began',
  data: z.object({ acr, amr }),
});

export const sessionElevated = defineEvent('session', 'session', 'elevated', {
  occurs: "a person proved themselves again in a live session; its cookie's secret was replaced",
  data: z.object({ acr, amr }),
});

export const sessionJoined = defineEvent('session', 'session', 'joined', {
  occurs: 'a client took part in a session for the first time',
  data: z.object({
    sid: z
      .string()
      .meta({ description: "The session's `sid` as this client sees it.", examples: ['kRi0VjDV2xvPzGmmXLq1Zg'] }),
  }),
});

export const sessionEnded = defineEvent('session', 'session', 'ended', {
  occurs: 'a session ended; `reason` is logout, expired, revoked or replaced',
  data: z.object({}),
});

export const logoutRefused = defineEvent('session', 'logout', 'refused', {
  occurs:
    'a logout that a client asked for was refused: the client is unknown, or not the one of the hint, or its post_logout_redirect_uri is not registered',
  outcome: 'failure',
  data: z.object({}),
});

export const logoutRefusalsSummarised = defineEvent('session', 'logout', 'refusals-summarised', {
  occurs: 'a minute with more than ten refused logouts of one reason from one network has passed',
  outcome: 'failure',
  data: refusalSummary,
});

export const otherSessionsEnded = defineEvent('session', 'other-sessions', 'ended', {
  occurs: 'a person ended everything that they were signed in to but the session that they sat at, which this names',
  data: z.object({}),
});

export const sessionsErased = defineEvent('session', 'sessions', 'erased', {
  occurs: 'the sessions of an erased account were deleted, and what clients were told of their ends',
  data: z.object({
    sessions: z
      .int()
      .nonnegative()
      .meta({ description: 'How many sessions.', examples: [2] }),
    deliveries: z
      .int()
      .nonnegative()
      .optional()
      .meta({ description: 'How many records of what clients were told.', examples: [5] }),
  }),
});

const delivery = z.object({
  attempt: z
    .int()
    .nonnegative()
    .optional()
    .meta({ description: 'Counted from 1; 0 where it was never tried.', examples: [1] }),
  answer: z.string().meta({
    description: "The HTTP status of the client's answer, or a word for why there was none.",
    examples: ['200'],
  }),
  uri: z
    .string()
    .optional()
    .meta({
      description: 'Where it was sent; absent where nothing was.',
      examples: ['https://app.example/backchannel-logout'],
    }),
  jti: z
    .string()
    .optional()
    .meta({ description: 'The `jti` of the logout token that was sent.', examples: ['UoIZ0rPZ5Bm3xw4pzY0nTg'] }),
});

export const logoutDelivered = defineEvent('session', 'logout-delivery', 'delivered', {
  occurs: 'a client took the logout token of an ended session',
  data: delivery,
});

export const logoutDeliveryFailed = defineEvent('session', 'logout-delivery', 'failed', {
  occurs: 'an attempt to give a client the logout token of an ended session failed; another one follows',
  outcome: 'failure',
  data: delivery,
});

export const logoutDeliveryDeadLettered = defineEvent('session', 'logout-delivery', 'dead-lettered', {
  occurs: 'a client could not be told of the end of a session for an hour, and will not be',
  outcome: 'failure',
  data: delivery,
});
