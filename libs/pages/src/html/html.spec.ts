import { describe, expect, it } from '@jest/globals';
import { attributes, html as markup, raw } from './html.js';

const HOSTILE = `"><script>alert('1')</script>&amp;`;
const ESCAPED = '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;';

describe('html', () => {
  it('escapes text and quoted attributes alike', () => {
    expect(markup`<p title="${HOSTILE}">${HOSTILE}</p>`.markup).toBe(`<p title="${ESCAPED}">${ESCAPED}</p>`);
  });

  it('nests markup, writes lists in order and undefined as nothing', () => {
    const items = ['a', '<b>'].map((item) => markup`<li>${item}</li>`);
    expect(markup`<ul>${items}${undefined}${3}</ul>`.markup).toBe('<ul><li>a</li><li>&lt;b&gt;</li>3</ul>');
  });

  it.each([
    ['NUL', 'a\u0000b', 'a\uFFFDb'],
    ['a control', 'a\u001Bb', 'a\uFFFDb'],
    ['a lone surrogate', 'a\uD83Db', 'a\uFFFDb'],
    ['a whole pair', 'a\u{1F600}b', 'a\u{1F600}b'],
    ['tab and line ends', 'a\t\r\nb', 'a\t\r\nb'],
  ])('writes %s as an HTML parser keeps it', (_name, given, written) => {
    expect(markup`<p>${given}</p>`.markup).toBe(`<p>${written}</p>`);
  });

  it.each([
    ['/sign-in?x=1', '/sign-in?x=1'],
    ['https://rp.example/?a=b&c="', 'https://rp.example/?a=b&amp;c=&quot;'],
    ['http://localhost:3001/', 'http://localhost:3001/'],
    ['com.example.app:/signed-out', 'com.example.app:/signed-out'],
    ['javascript:alert(1)', '#'],
    ['JaVaScRiPt:alert(1)', '#'],
    ['java\nscript:alert(1)', '#'],
    ['\u0001javascript:alert(1)', '#'],
    ['data:text/html,x', '#'],
    ['vbscript:x', '#'],
    ['//evil.example/', '#'],
    ['/\\evil.example/', '#'],
    ['/\t/evil.example/', '#'],
    ['', '#'],
  ])('writes the URL %j as %j', (given, written) => {
    expect(markup`<a href="${given}">x</a>`.markup).toBe(`<a href="${written}">x</a>`);
    expect(markup`<form action="${given}"></form>`.markup).toBe(`<form action="${written}"></form>`);
  });

  it('writes optional attributes', () => {
    const given = attributes({ autofocus: true, required: false, title: HOSTILE, id: undefined });
    expect(markup`<input ${given}>`.markup).toBe(`<input autofocus title="${ESCAPED}">`);
  });

  it.each<readonly [string, () => unknown]>([
    ['an unquoted attribute', () => markup`<p title=${'x'}></p>`],
    ['a single-quoted attribute', () => markup`<p title='${'x'}'></p>`],
    ['a tag name', () => markup`<${'p'}></p>`],
    ['an attribute name', () => markup`<p a${'x'}="1"></p>`],
    ['a comment', () => markup`<!-- ${'x'} -->`],
    ['an event handler', () => markup`<p onclick="${'x'}"></p>`],
    ['a style attribute', () => markup`<p style="${'x'}"></p>`],
    ['the text of a script', () => markup`<script>${'x'}</script>`],
    ['a script from markup that closes it', () => markup`<script>${raw('</script>')}</script>`],
    ['a template left open in a tag', () => markup`<p title="${'x'}"`],
    ['markup in an attribute', () => markup`<p title="${markup`<b>x</b>`}"></p>`],
    ['attributes as text', () => markup`<p>${attributes({ id: 'x' })}</p>`],
    ['text between attributes', () => markup`<p ${'onclick=alert(1)'}></p>`],
    ['an event handler from attributes()', () => attributes({ onclick: 'x' })],
  ])('refuses %s', (_name, make) => {
    expect(make).toThrow(TypeError);
  });
});
