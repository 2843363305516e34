import { describe, expect, it } from '@jest/globals';
import { aClient, anAccount, aTenant } from './builders.js';

describe('builders', () => {
  it('give valid values of one tenant, with what a test names', () => {
    const tenant = aTenant({ slug: 'globex' });
    expect(tenant.slug).toBe('globex');
    expect(anAccount({ tenantId: tenant.id, status: 'disabled' })).toMatchObject({
      tenantId: tenant.id,
      status: 'disabled',
    });
    expect(aClient({ tenantId: tenant.id, enabled: false })).toMatchObject({ tenantId: tenant.id, enabled: false });
    expect(aTenant().id).not.toBe(tenant.id);
  });

  it('refuse what the schemas refuse', () => {
    expect(() => aTenant({ slug: 'Not A Slug' })).toThrow();
  });
});
