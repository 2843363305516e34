import { attribute, complex, plural } from './attribute.js';
import type { Schema } from './resource-type.js';

const reported = { mutability: 'readOnly' } as const;

/**
 * RFC 7643 section 4.1. `password` is authn's, and read-only here: a POST that has one is not refused, since Okta sends one always
 * that means nothing. Roles are given by administrators alone.
 */
export const userSchema: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:User',
  name: 'User',
  description: 'An account',
  attributes: [
    attribute('userName', 'The name that the person signs in with', {
      ...{ required: true, uniqueness: 'server', maxLength: 320 },
    }),
    complex('name', 'The parts of the name', [
      attribute('formatted', 'The full name; the claim name', { maxLength: 200 }),
      attribute('familyName', 'The claim family_name', { maxLength: 200 }),
      attribute('givenName', 'The claim given_name', { maxLength: 200 }),
      attribute('middleName', 'The claim middle_name', { maxLength: 200 }),
      attribute('honorificPrefix', 'Dr., Ms.', { maxLength: 100 }),
      attribute('honorificSuffix', 'III, MBA', { maxLength: 100 }),
    ]),
    attribute('displayName', 'The name that people are shown', { maxLength: 200 }),
    attribute('nickName', 'The claim nickname', { maxLength: 200 }),
    attribute('profileUrl', 'The claim profile', { type: 'reference', referenceTypes: ['external'], caseExact: true }),
    attribute('title', 'The job title', { maxLength: 200 }),
    attribute('userType', 'Employee, Contractor', { maxLength: 200 }),
    attribute('preferredLanguage', 'As in Accept-Language', { maxLength: 100 }),
    attribute('locale', 'The claim locale', { maxLength: 35 }),
    attribute('timezone', 'The claim zoneinfo', { maxLength: 64 }),
    attribute('active', 'Whether the account may be used; its sessions and tokens end when it may not', {
      type: 'boolean',
    }),
    attribute('password', 'Not kept: passwords are set with the authentication service, and by people themselves', {
      ...{ ...reported, returned: 'never', caseExact: true },
    }),
    plural('emails', 'The primary one is the claim email', { maxLength: 320 }, ['work', 'home', 'other']),
    plural('phoneNumbers', 'The primary one is the claim phone_number', { maxLength: 100 }, [
      ...['work', 'home', 'mobile', 'fax', 'pager', 'other'],
    ]),
    plural('ims', 'Instant messaging'),
    plural('photos', 'The primary one is the claim picture', {
      ...{ type: 'reference', referenceTypes: ['external'], caseExact: true },
    }),
    complex(
      'addresses',
      'The primary one is the claim address',
      [
        attribute('formatted', 'The whole address'),
        attribute('streetAddress', 'Street and number', { maxLength: 500 }),
        attribute('locality', 'City', { maxLength: 200 }),
        attribute('region', 'State', { maxLength: 200 }),
        attribute('postalCode', 'Postal code', { maxLength: 50 }),
        attribute('country', 'Country', { maxLength: 100 }),
        attribute('type', 'What the address is for', { maxLength: 50, canonicalValues: ['work', 'home', 'other'] }),
        attribute('primary', 'Whether it is the preferred address', { type: 'boolean' }),
      ],
      { multiValued: true },
    ),
    complex(
      'groups',
      'Groups that the account is a member of itself',
      [
        attribute('value', 'The id of the group', reported),
        attribute('$ref', 'The URI of the group', { ...reported, type: 'reference', referenceTypes: ['Group'] }),
        attribute('display', 'The name of the group', reported),
        attribute('type', 'Always direct', { ...reported, canonicalValues: ['direct'] }),
      ],
      { ...reported, multiValued: true },
    ),
    plural('entitlements', 'What the person is entitled to'),
    complex(
      'roles',
      'Roles that the account has itself',
      ['value', 'display', 'type', 'primary'].map((name) => attribute(name, '', reported)),
      { ...reported, multiValued: true },
    ),
    plural('x509Certificates', 'In base64', { caseExact: true }),
  ],
};

/** RFC 7643 section 4.3. */
export const enterpriseUserSchema: Schema = {
  id: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  name: 'Enterprise User',
  description: 'A person of an enterprise',
  attributes: [
    ...['employeeNumber', 'costCenter', 'organization', 'division', 'department'].map((name) =>
      attribute(name, '', { maxLength: 200 }),
    ),
    complex('manager', 'The manager of the person', [
      attribute('value', 'The id of the account, or what the provisioning client calls it', { maxLength: 200 }),
      attribute('$ref', '', { ...reported, type: 'reference', referenceTypes: ['User'] }),
      attribute('displayName', '', reported),
    ]),
  ],
};
