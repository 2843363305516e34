import { raw } from './html/html.js';
import type { Html } from './html/html.js';

export type IconName =
  'person' | 'card' | 'mail' | 'home' | 'phone' | 'computer' | 'cycle' | 'key' | 'alert' | 'clock' | 'check' | 'seal';

/** Strokes on a grid of 24, drawn for this library. */
const STROKES: Readonly<Record<IconName, string>> = {
  person: '<circle cx="12" cy="8" r="3.75"/><path d="M4.75 20c.7-3.6 3.6-5.75 7.25-5.75S18.55 16.4 19.25 20"/>',
  card: '<rect x="3.25" y="5" width="17.5" height="14" rx="2.5"/><circle cx="8.75" cy="11" r="1.9"/><path d="M5.9 16.2c.5-1.4 1.5-2.1 2.85-2.1s2.35.7 2.85 2.1M14.5 10h3.25M14.5 13.5h3.25"/>',
  mail: '<rect x="3.25" y="5.25" width="17.5" height="13.5" rx="2.5"/><path d="m4 7.5 8 5.75 8-5.75"/>',
  home: '<path d="M4.5 11 12 4.5l7.5 6.5v7.25a1.5 1.5 0 0 1-1.5 1.5H6a1.5 1.5 0 0 1-1.5-1.5Z"/><path d="M9.75 19.75v-5h4.5v5"/>',
  phone: '<rect x="7" y="3" width="10" height="18" rx="2.5"/><path d="M11 17.75h2"/>',
  computer: '<rect x="4.5" y="5.25" width="15" height="10.25" rx="1.75"/><path d="M2.75 18.75h18.5"/>',
  cycle:
    '<path d="M19.25 12a7.25 7.25 0 0 1-12.9 4.55M4.75 12a7.25 7.25 0 0 1 12.9-4.55"/><path d="M17.9 3.75v3.9h-3.9M6.1 20.25v-3.9H10"/>',
  key: '<circle cx="8.25" cy="15.75" r="4"/><path d="m11.2 12.8 8.05-8.05M16 8l2.75 2.75M13.5 10.5l1.75 1.75"/>',
  alert: '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.75v5M12 16.1v.15"/>',
  clock: '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.25V12l3.1 2.1"/>',
  check: '<circle cx="12" cy="12" r="8.5"/><path d="m8.25 12.25 2.6 2.6 5-5.35"/>',
  seal: '<path d="M12 3.25 14.4 5l2.95-.05.85 2.8 2.4 1.75L19.65 12.3l.95 2.8-2.4 1.75-.85 2.8-2.95-.05L12 21.35 9.6 19.6l-2.95.05-.85-2.8-2.4-1.75.95-2.8-.95-2.8 2.4-1.75.85-2.8L9.6 5Z"/><path d="m9 12.4 2.1 2.1 4-4.2"/>',
};

/** Decoration beside a text that says the same; hidden from assistive technology. */
export function icon(name: IconName): Html {
  return raw(
    `<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">${STROKES[name]}</svg>`,
  );
}
