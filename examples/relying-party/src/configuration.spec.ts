import { describe, expect, it } from '@jest/globals';
import { ConfigurationError, readConfiguration } from './configuration.js';

const GIVEN = { ISSUER: 'http://localhost:3000', CLIENT_ID: 'demo', CLIENT_SECRET: 's' };

describe('readConfiguration', () => {
  it('needs an issuer and a client, and knows the rest', () => {
    const { baseUrl, ...rest } = readConfiguration(GIVEN);
    expect(rest).toEqual({ issuer: GIVEN.ISSUER, clientId: 'demo', clientSecret: 's', host: 'localhost', port: 3001 });
    expect(baseUrl.href).toBe('http://localhost:3001/');
  });

  it('names all faults at once', () => {
    const read = () => readConfiguration({ ISSUER: 'localhost', PORT: '70000' });
    const faults = [
      'PORT is not a port number: 70000',
      'ISSUER is not a URL: localhost',
      'CLIENT_ID is not set',
      'CLIENT_SECRET is not set',
    ];
    expect(read).toThrow(new ConfigurationError(faults.join('\n')));
  });
});
