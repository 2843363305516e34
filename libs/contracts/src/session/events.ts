import { z } from 'zod';
import { defineEvent } from '../events/definition.js';

export const sessionCreated = defineEvent('session', 'session', 'created', {
  occurs: 'an SSO session began',
  data: z.object({ acr: z.string(), amr: z.array(z.string()) }),
});

export const sessionElevated = defineEvent('session', 'session', 'elevated', {
  occurs: "a person proved themselves again in a live session; its cookie's secret was replaced",
  data: z.object({ acr: z.string(), amr: z.array(z.string()) }),
});

export const sessionJoined = defineEvent('session', 'session', 'joined', {
  occurs: 'a client took part in a session for the first time',
  data: z.object({ sid: z.string() }),
});

export const sessionEnded = defineEvent('session', 'session', 'ended', {
  occurs: 'a session ended; `reason` is logout, expired, revoked or replaced',
  data: z.object({}),
});

export const otherSessionsEnded = defineEvent('session', 'other-sessions', 'ended', {
  occurs: 'a person ended everything that they were signed in to but the session that they sat at, which this names',
  data: z.object({}),
});

export const sessionsErased = defineEvent('session', 'sessions', 'erased', {
  occurs: 'the sessions of an erased account were deleted',
  data: z.object({ sessions: z.int().nonnegative() }),
});
