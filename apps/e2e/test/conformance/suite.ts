import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Form } from '../../src/index.js';
import { blindFrames, browserLogout } from './modules/browser-logout.js';
import { claims } from './modules/claims.js';
import { codes, longModules } from './modules/codes.js';
import { discovery } from './modules/discovery.js';
import { flows } from './modules/flows.js';
import { logout } from './modules/logout.js';
import type { Module } from './modules/module.js';
import { registration } from './modules/registration.js';
import { requestObjects } from './modules/request-objects.js';
import { sessions } from './modules/sessions.js';
import { profiles, type ModuleName, type ProfileName, type Variant } from './profiles.js';
import { Provider } from './provider.js';

type LongName = keyof typeof longModules;
const modules: Readonly<Record<Exclude<ModuleName, LongName>, Module>> = {
  ...flows,
  ...claims,
  ...sessions,
  ...codes,
  ...requestObjects,
  ...discovery,
  ...registration,
  ...logout,
  ...browserLogout,
};

const isLong = (name: ModuleName): name is LongName => name in longModules;
const title = ({ responseType, formPost }: Variant): string => (formPost ? `${responseType}, form_post` : responseType);

/** As the OpenID Foundation counts them. */
const moduleCounts: Readonly<Record<ProfileName, number>> = {
  Basic: 38,
  Implicit: 31,
  Hybrid: 37,
  Config: 1,
  'RP-Initiated Logout': 11,
  'Front-Channel Logout': 2,
  'Session Management': 2,
  Dynamic: 23,
  'Form Post': 38,
  'Third-party-initiated login': 2,
};

interface Run {
  readonly profile: ProfileName;
  readonly variant: Variant;
}

const runs: readonly Run[] = (Object.keys(profiles) as ProfileName[]).flatMap((profile) =>
  profiles[profile].variants.map((variant) => ({ profile, variant })),
);

/** Runs that go on while half a minute passes: no longer than an access token lives, on a slow machine either. */
const meanwhile = 4;

const modulesOf = ({ profile, variant }: Run): ModuleName[] =>
  profiles[profile].modules.filter((name: ModuleName) =>
    isLong(name) ? longModules[name].appliesTo(variant) : (modules[name].appliesTo?.(variant) ?? true),
  );

/** Every module of every profile, for each response type that it has a meaning for. */
export function conformance(form: Form): void {
  describe(form, () => {
    let provider: Provider;
    const ends = new Map<string, () => Promise<void>>();
    const key = ({ profile, variant }: Run, name: LongName) => `${profile} ${title(variant)} ${name}`;

    beforeAll(async () => {
      provider = await Provider.start(form);
    }, 120_000);
    afterAll(() => provider.stop());

    it.each(Object.entries(profiles))(
      '%s has its modules, each of them run for a response type',
      (name, { modules: wanted }) => {
        const run = new Set(runs.filter(({ profile }) => profile === name).flatMap(modulesOf));
        expect([...run].sort()).toEqual([...wanted].sort());
        expect(run.size).toBe(moduleCounts[name as ProfileName]);
      },
    );

    const walk = (some: readonly Run[]) => {
      describe.each(some.map((run) => [`${run.profile}: ${title(run.variant)}`, run] as const))('%s', (_title, run) => {
        const names = modulesOf(run).filter((name): name is Exclude<ModuleName, LongName> => !isLong(name));
        it.each(names)('%s', async (name) => {
          await modules[name].run(provider, run.variant);
        });
      });
    };
    const long = runs.flatMap((run) =>
      modulesOf(run)
        .filter(isLong)
        .map((name) => [key(run, name), name, run] as const),
    );

    it('check_session_iframe takes nobody for signed out whose browser keeps cookies from frames', () =>
      blindFrames(provider));

    walk(runs.slice(0, -meanwhile));
    describe('what takes half a minute', () => {
      it.each(long)('%s begins', async (whole, name, { variant }) => {
        ends.set(whole, await longModules[name].begin(provider, variant));
      });
    });
    walk(runs.slice(-meanwhile));
    it.each(long)(
      '%s',
      async (whole) => {
        const end = ends.get(whole);
        if (!end) throw new Error('it did not begin');
        await end();
      },
      60_000,
    );
  });
}
