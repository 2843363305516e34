import { beforeAll, describe, expect, it } from '@jest/globals';

import { lintTexts } from './lint-texts.mjs';

const file = 'apps/authn/src/authorize/authorize.controller.ts';

/** A handler, and whether it stands. */
const cases = [
  ['says that it is public', `class C { @Get() @Public() read() {} }`, true],
  ['names its guard', `class C { @Post() @UseGuards(SignedIn) write() {} }`, true],
  ['has its guard named by its class', `@UseGuards(SignedIn) class C { @Post() write() {} }`, true],
  ['is a request’s of another service', `class C { @Serves(findClient) find() {} }`, true],
  ['is no handler', `class C { get() { return new Map().get('x'); } }`, true],
  ['says nothing', `class C { @Get() read() {} }`, false],
  ['says nothing, under another method', `class C { @All('x') any() {} }`, false],
  ['says nothing, under another name', `class C { @Read() read() {} }`, false],
  ['says nothing, under the module’s name', `class C { @nest.Delete() remove() {} }`, false],
  ['names no guard at all', `class C { @Post() @UseGuards() write() {} }`, false],
  ['has a class that is public', `@Public() class C { @Get() read() {} }`, false],
  ['has a tenant, who lets everybody in', `@PerTenant('/x') class C { @Get() read() {} }`, false],
  ['has a neighbour that is public', `class C { @Get() read() {} @Post() @Public() write() {} }`, false],
  ['hides its route in a decorator', `const Hidden = () => applyDecorators(Get('x'), Version('1'));`, false],
];

const imports = `import { All, applyDecorators, Get, Get as Read, Post, UseGuards, Version } from '@nestjs/common'; import * as nest from '@nestjs/common';`;

describe('an HTTP handler that', () => {
  let found;
  beforeAll(() => {
    const texts = cases.map(([, text]) => ({ file, text: `${imports}\n${text}` }));
    found = lintTexts('signet/guarded-handlers', texts);
  }, 180_000);

  it.each(cases.map(([what, , stands], index) => [what, stands ? 'stands' : 'is refused', index]))(
    '%s %s',
    (_what, verdict, index) => {
      expect(found[index]).toEqual(verdict === 'stands' ? [] : [2]);
    },
  );
});
