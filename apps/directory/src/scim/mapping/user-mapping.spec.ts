import { describe, expect, it } from '@jest/globals';
import { accountAttributes } from '@signet/contracts';
import { ScimError } from '../scim-error.js';
import { tenantSchemaId } from '../schema/tenant-schema.js';
import type { Resource } from '../schema/resource-type.js';
import { personOf, resourceOf, type Person } from './user-mapping.js';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const resource: Resource = {
  externalId: '701984',
  userName: 'bjensen@acme.example',
  active: true,
  name: {
    formatted: 'Ms. Barbara J Jensen, III',
    familyName: 'Jensen',
    givenName: 'Barbara',
    middleName: 'Jane',
    honorificPrefix: 'Ms.',
    honorificSuffix: 'III',
  },
  displayName: 'Babs Jensen',
  nickName: 'Babs',
  profileUrl: 'https://login.example/bjensen',
  title: 'Tour Guide',
  userType: 'Employee',
  preferredLanguage: 'en-US',
  locale: 'en-US',
  timezone: 'America/Los_Angeles',
  emails: [
    { value: 'bjensen@acme.example', type: 'work', primary: true },
    { value: 'babs@home.example', type: 'home' },
  ],
  phoneNumbers: [
    { value: '555-555-5555', type: 'work', primary: true },
    { value: '555-555-4444', type: 'mobile' },
  ],
  photos: [{ value: 'https://photos.example/f', type: 'photo', primary: true }],
  ims: [{ value: 'someaimhandle', type: 'aim' }],
  entitlements: [{ value: 'gold' }],
  x509Certificates: [{ value: 'MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQAw' }],
  addresses: [
    {
      type: 'work',
      streetAddress: '100 Universal City Plaza',
      locality: 'Hollywood',
      region: 'CA',
      postalCode: '91608',
      country: 'USA',
      formatted: '100 Universal City Plaza\nHollywood, CA 91608 USA',
      primary: true,
    },
    { type: 'home', locality: 'Hollywood' },
  ],
  [enterprise]: {
    employeeNumber: '701984',
    costCenter: '4130',
    organization: 'Universal Studios',
    division: 'Theme Park',
    department: 'Tour Operations',
    manager: { value: 'acc_018f4e7c2a107b3c9d556f0e1a2b3c4d' },
  },
  [tenantSchemaId]: { badge: 'B-17' },
};

const person: Person = {
  externalId: '701984',
  username: 'bjensen@acme.example',
  active: true,
  claims: {
    preferred_username: 'bjensen@acme.example',
    name: 'Ms. Barbara J Jensen, III',
    family_name: 'Jensen',
    given_name: 'Barbara',
    middle_name: 'Jane',
    nickname: 'Babs',
    profile: 'https://login.example/bjensen',
    locale: 'en-US',
    zoneinfo: 'America/Los_Angeles',
    email: 'bjensen@acme.example',
    phone_number: '555-555-5555',
    picture: 'https://photos.example/f',
    address: {
      street_address: '100 Universal City Plaza',
      locality: 'Hollywood',
      region: 'CA',
      postal_code: '91608',
      country: 'USA',
      formatted: '100 Universal City Plaza\nHollywood, CA 91608 USA',
    },
  },
  attributes: accountAttributes.parse({
    display_name: 'Babs Jensen',
    honorific_prefix: 'Ms.',
    honorific_suffix: 'III',
    title: 'Tour Guide',
    user_type: 'Employee',
    preferred_language: 'en-US',
    emails: [
      { value: 'bjensen@acme.example', type: 'work' },
      { value: 'babs@home.example', type: 'home' },
    ],
    phone_numbers: [
      { value: '555-555-5555', type: 'work' },
      { value: '555-555-4444', type: 'mobile' },
    ],
    photos: [{ value: 'https://photos.example/f', type: 'photo' }],
    ims: [{ value: 'someaimhandle', type: 'aim' }],
    entitlements: [{ value: 'gold' }],
    x509_certificates: [{ value: 'MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQAw' }],
    addresses: [
      {
        type: 'work',
        street_address: '100 Universal City Plaza',
        locality: 'Hollywood',
        region: 'CA',
        postal_code: '91608',
        country: 'USA',
        formatted: '100 Universal City Plaza\nHollywood, CA 91608 USA',
      },
      { type: 'home', locality: 'Hollywood' },
    ],
    employee_number: '701984',
    cost_center: '4130',
    organization: 'Universal Studios',
    division: 'Theme Park',
    department: 'Tour Operations',
    manager: 'acc_018f4e7c2a107b3c9d556f0e1a2b3c4d',
    badge: 'B-17',
  }),
};

describe('personOf', () => {
  it('maps every attribute, and resourceOf back', () => {
    expect(personOf(resource, undefined)).toEqual(person);
    expect(resourceOf(person)).toEqual(resource);
  });

  it('keeps what SCIM knows nothing of, and what is verified of what stays', () => {
    const before: Person = {
      ...person,
      active: false,
      claims: {
        ...person.claims,
        gender: 'female',
        birthdate: '1970-01-01',
        email_verified: true,
        phone_number_verified: true,
      },
    };
    const changed = { userName: 'babs', emails: resource['emails'], phoneNumbers: [{ value: '1' }] };
    expect(personOf(changed, before)).toEqual({
      externalId: null,
      username: 'babs',
      active: false,
      claims: {
        ...{ preferred_username: 'babs', gender: 'female', birthdate: '1970-01-01' },
        ...{ email: 'bjensen@acme.example', email_verified: true, phone_number: '1' },
      },
      attributes: { emails: person.attributes['emails'], phone_numbers: [{ value: '1' }] },
    });
  });

  it.each<[what: string, emails: object[], email: string]>([
    [
      'the primary one',
      [
        { value: 'a@x.example', type: 'work' },
        { value: 'b@x.example', primary: true },
      ],
      'b@x.example',
    ],
    ['the one for work', [{ value: 'a@x.example' }, { value: 'b@x.example', type: 'work' }], 'b@x.example'],
    ['the first one', [{ value: 'a@x.example', type: 'home' }, { value: 'b@x.example' }], 'a@x.example'],
  ])('makes %s of several addresses the claim', (_what, emails, email) => {
    expect(personOf({ userName: 'x', emails }, undefined).claims.email).toBe(email);
  });

  it('has the display name for a name that nobody told', () => {
    expect(personOf({ userName: 'x', displayName: 'Test User' }, undefined).claims.name).toBe('Test User');
  });

  it.each<[Resource, string]>([
    [{ emails: [{ value: 'no address' }] }, 'emails'],
    [{ profileUrl: 'nowhere' }, 'profileUrl'],
    [{ phoneNumbers: [{ value: '1'.repeat(41) }] }, 'phoneNumbers'],
  ])('refuses a claim that cannot be: %j', (members, name) => {
    const refused = () => personOf({ userName: 'x', ...members }, undefined);
    expect(refused).toThrow(ScimError);
    expect(refused).toThrow(new RegExp(`^${name} `));
  });
});

describe('resourceOf', () => {
  it('shows claims that came from elsewhere as the primary values', () => {
    const { claims } = person;
    const elsewhere = {
      ...{ email: 'new@acme.example', phone_number: '1', picture: 'https://p.example/1', address: { country: 'FR' } },
    };
    expect(resourceOf({ ...person, claims: { ...claims, ...elsewhere } })).toMatchObject({
      emails: [{ value: 'new@acme.example', primary: true }, { type: 'work' }, { type: 'home' }],
      phoneNumbers: [{ value: '1', primary: true }, { type: 'work' }, { type: 'mobile' }],
      photos: [{ value: 'https://p.example/1', primary: true }, { type: 'photo' }],
      addresses: [{ country: 'FR', primary: true }, { type: 'work' }, { type: 'home' }],
    });
  });
});
