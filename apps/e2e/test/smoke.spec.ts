import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { forms, Plane } from '../src/index.js';

describe.each(forms)('%s', (form) => {
  let plane: Plane;
  beforeAll(async () => {
    plane = await Plane.start({ form });
  }, 60_000);
  afterAll(() => plane.stop());

  it('answers discovery at its issuer', async () => {
    const answer = await fetch(`${plane.issuer}/.well-known/openid-configuration`);
    expect(await answer.json()).toMatchObject({ issuer: plane.issuer });
  });
});
