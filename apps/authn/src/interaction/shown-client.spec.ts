import { describe, expect, it } from '@jest/globals';
import { aClient, aTenant } from '@signet/testing';
import { shownClient } from './shown-client.js';

function shown(language: string, shownLogos: string[], slug = 'default') {
  const tenant = aTenant({ slug });
  const client = aClient({
    ...{ tenantId: tenant.id, clientId: 'a shop', version: 7, shownLogos },
    policyUri: 'https://shop.example/policy',
    tosUri: 'http://localhost/terms',
    localized: {
      'client_name#fr-CA': 'Boutique',
      'policy_uri#fr': 'https://shop.example/politique',
      'tos_uri#fr': 'https://shop.example/conditions',
      'logo_uri#fr-CA': 'https://shop.example/fr.png',
      'logo_uri#de': 'https://shop.example/de.png',
    },
  });
  return shownClient({ client, exchange: { tenant } }, language);
}

describe('shownClient', () => {
  const all = ['logo_uri', 'logo_uri#de', 'logo_uri#fr-CA'];

  it('is told of in the language of the page (RFC 7591 section 2.2)', () => {
    expect(shown('fr', all)).toEqual({
      name: 'Boutique',
      logoPath: '/client-logo/a%20shop/7/fr-CA',
      policyUri: 'https://shop.example/politique',
      termsUri: 'https://shop.example/conditions',
    });
  });

  it('has what it says for every language where it says nothing else, and no link that is not https', () => {
    expect(shown('en', all, 'acme')).toEqual({
      name: 'Shop',
      logoPath: '/client-logo/t/acme/a%20shop/7',
      policyUri: 'https://shop.example/policy',
    });
  });

  it('has the logo for every language where its own could not be had, and none where neither could', () => {
    expect(shown('de', ['logo_uri']).logoPath).toBe('/client-logo/a%20shop/7');
    expect(shown('de', ['logo_uri#fr-CA'])).not.toHaveProperty('logoPath');
  });
});
