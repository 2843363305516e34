import { z } from 'zod';
import type { Client } from '../client.js';

/** Human-readable members, which may stand there once per language (RFC 7591 section 2.2, OpenID Connect Registration 1.0 section 2.1). */
export const localizableNames = ['client_name', 'client_uri', 'logo_uri', 'policy_uri', 'tos_uri'] as const;
export type LocalizableName = (typeof localizableNames)[number];

/** `client_name#fr`, with a language tag as BCP 47 writes it: subtags of letters and digits. */
export const localizedName = new RegExp(`^(?:${localizableNames.join('|')})#[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$`);

const mostLanguages = 100;

export const localizedMetadata = z
  .record(z.string().max(64).regex(localizedName), z.string().min(1).max(2048))
  .refine((members) => Object.keys(members).length <= mostLanguages, `are more than ${mostLanguages}`)
  .refine(
    (members) =>
      Object.entries(members).every(([name, value]) => name.startsWith('client_name#') || URL.canParse(value)),
    'must be absolute URIs, names apart',
  );

/**
 * Brings the members that have a language together under `localized`, where the schema looks for them; everything else stays.
 * A member of that very name is no metadatum: it is taken away, or left for a strict schema to stumble over.
 */
export const gatherLocalized =
  (ownName: 'ignored' | 'refused') =>
  (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const { localized: foreign, ...members } = value as Record<string, unknown>;
    const isLocalized = ([name]: [string, unknown]) => localizedName.test(name);
    const localized = Object.fromEntries(Object.entries(members).filter(isLocalized));
    const rest = Object.fromEntries(Object.entries(members).filter((member) => !isLocalized(member)));
    if (foreign !== undefined && ownName === 'refused') return { ...rest, localized: null };
    return Object.keys(localized).length === 0 ? rest : { ...rest, localized };
  };

type Localized = Client['localized'];

/**
 * Which member to show of a client's `name` to somebody who reads `language`, a primary subtag: `name#tag`, or undefined
 * where only the default is there.
 */
export function localizedMember(localized: Localized, name: LocalizableName, language: string): string | undefined {
  const tags = Object.keys(localized ?? {}).filter((key) => key.startsWith(`${name}#`));
  const speaks = (tag: string) => tag.slice(name.length + 1).toLowerCase();
  // The plain language before one of its regions or scripts.
  return tags.find((tag) => speaks(tag) === language) ?? tags.find((tag) => speaks(tag).startsWith(`${language}-`));
}

/** The value of that member. */
export function localizedValue(localized: Localized, name: LocalizableName, language: string): string | undefined {
  const member = localizedMember(localized, name, language);
  return member === undefined ? undefined : localized?.[member];
}

/** A client's name in a language, else the one that it has for every language. */
export const clientNameIn = ({ name, localized }: Pick<Client, 'name' | 'localized'>, language: string): string =>
  localizedValue(localized, 'client_name', language) ?? name;
