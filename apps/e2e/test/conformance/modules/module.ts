import type { Provider } from '../provider.js';
import type { Variant } from '../profiles.js';

/** One module of the certification: what it does, and whether it has a meaning for a response type. */
export interface Module {
  readonly appliesTo?: (variant: Variant) => boolean;
  run(provider: Provider, variant: Variant): Promise<void>;
}

/** A module that goes on with something of half a minute ago: it begins before all others, and ends after them. */
export interface LongModule {
  readonly appliesTo: (variant: Variant) => boolean;
  begin(provider: Provider, variant: Variant): Promise<() => Promise<void>>;
}

const words = ({ responseType }: Variant): string[] => responseType.split(' ');

export const issuesCode = (variant: Variant): boolean => words(variant).includes('code');
export const issuesAccessToken = (variant: Variant): boolean => issuesCode(variant) || words(variant).includes('token');
/** OpenID Connect Core 3.2.2.1 and 3.3.2.11: with an ID token in the front channel. */
export const needsNonce = (variant: Variant): boolean => words(variant).includes('id_token');
