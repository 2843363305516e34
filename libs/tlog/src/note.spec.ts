import { createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formatAddCheckpoint, parseWitnessSize } from './add-checkpoint.js';
import { openCheckpoint, parseCheckpointText, signCheckpoint } from './checkpoint.js';
import { leafHash, type Hash } from './hash.js';
import { cosignNote, formatNote, parseNote, signNote, verifyNote } from './note.js';
import { formatNoteKey, noteKey, parseNoteKey, type NoteKey } from './note-key.js';
import { formatProof, parseProof } from './proof-text.js';

/** An Ed25519 key of a seed of its own: the same in every run. RFC 8410 section 7. */
const privateKey = (seed: string) =>
  createPrivateKey({
    key: Buffer.concat([
      Buffer.from('302e020100300506032b657004220420', 'hex'),
      createHash('sha256').update(seed).digest(),
    ]),
    format: 'der',
    type: 'pkcs8',
  });

function parsed(text: string): NoteKey {
  const key = parseNoteKey(text);
  if (!key) throw new Error('no key');
  return key;
}

// golang.org/x/mod/sumdb/note, whose form C2SP signed-note took over.
const peter = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const peterNote =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

describe('a key of notes', () => {
  it.each([
    [peter, 'ed25519'],
    ['sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8', 'ed25519'],
    // transparency-dev/formats: a witness of that name.
    ['remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2', 'cosignature'],
  ])('%s', (text, type) => {
    const key = parsed(text);
    expect(key.type).toBe(type);
    expect(formatNoteKey(key)).toBe(text);
  });

  it.each([
    '',
    'PeterNeumann',
    'PeterNeumann+c74f20a3',
    'PeterNeumann+c74f20a3+',
    '+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    'PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    'PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    'PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    'PeterNeumann+c74f20a3+BBpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T',
    'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq_LDE4izWy10TW',
    `${peter}\n`,
    ` ${peter}`,
  ])('%j is none', (text) => {
    expect(parseNoteKey(text)).toBeUndefined();
  });

  it.each(['', 'a b', 'a+b', 'a\u00a0b', 'a\u2003b', 'a\nb', 'a\u0000b'])('has not the name %j', (name) => {
    expect(() => noteKey(name, 'ed25519', privateKey('a'))).toThrow('name');
  });

  it('is an Ed25519 key', () => {
    const { privateKey: rsa } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(() => noteKey('log', 'ed25519', rsa)).toThrow('Ed25519');
  });
});

describe('a note', () => {
  const verify = (note: string, ...keys: readonly NoteKey[]) => {
    const read = parseNote(note);
    return read ? verifyNote(read, keys) : 'no note';
  };

  it('of another implementation is right', () => {
    expect(verify(peterNote, parsed(peter))).toMatchObject({ verified: [{ key: { name: 'PeterNeumann' } }] });
  });

  it('is told by its keys alone', () => {
    const other = noteKey('other', 'ed25519', privateKey('b'));
    expect(verify(peterNote, other)).toEqual({ fault: 'unknown_key' });
    expect(verify(peterNote.replace('your', 'thy'), parsed(peter))).toEqual({ fault: 'bad_signature' });
    const line = signNote('of something else\n', 'other', privateKey('b'));
    // C2SP signed-note, Signatures: a wrong one of a known key spoils the note; of an unknown key it is nothing.
    expect(verify(peterNote + line, parsed(peter))).toHaveProperty('verified');
    expect(verify(peterNote + line, parsed(peter), other)).toEqual({ fault: 'bad_signature' });
  });

  it('may have empty lines, and ends its text at the last', () => {
    const text = 'one\n\n\ntwo\n';
    const note = formatNote(text, signNote(text, 'log', privateKey('a')));
    expect(parseNote(note)?.text).toBe(text);
    expect(verify(note, noteKey('log', 'ed25519', privateKey('a')))).toHaveProperty('verified');
  });

  it.each([
    '',
    'text\n',
    'text\n\n',
    peterNote.slice(0, -1),
    peterNote.replace('— ', '- '),
    peterNote.replace('=\n', '\n'),
    peterNote.replace('then', 'then\u0000'),
    peterNote.replace('then', 'then\r'),
    peterNote.replace('then', 'then\ud800'),
    peterNote.replace('PeterNeumann ', 'PeterNeumann  '),
    `${peterNote}more\n`,
    `${peterNote}\n`,
    'text\n\n— log AAAA\n',
    `text\n\n${'— log AAAAAAA=\n'.repeat(65)}`,
  ])('%# is none', (text) => {
    expect(parseNote(text)).toBeUndefined();
  });
});

describe('a cosignature', () => {
  const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
  const witness = privateKey('witness');
  const key = noteKey('witness.example.com/w1', 'cosignature', witness);
  const line = cosignNote(text, key.name, witness, 1_679_315_147);
  const cosigned = (lines: string) => {
    const note = parseNote(formatNote(text, lines));
    return note ? verifyNote(note, [key]) : undefined;
  };

  it('is of the text and the time', () => {
    expect(cosigned(line)).toHaveProperty('verified');
    const bytes = Buffer.from(line.split(' ')[2] ?? '', 'base64');
    expect(bytes.readBigUInt64BE(4)).toBe(1_679_315_147n);
    bytes.writeBigUInt64BE(1_679_315_148n, 4);
    expect(cosigned(`— ${key.name} ${bytes.toString('base64')}\n`)).toEqual({ fault: 'bad_signature' });
  });

  it('is no plain signature, and no plain one is a cosignature', () => {
    expect(cosigned(signNote(text, key.name, witness))).toEqual({ fault: 'unknown_key' });
    const id = Buffer.alloc(4);
    id.writeUInt32BE(key.id);
    const plain = Buffer.from(signNote(text, key.name, witness).split(' ')[2] ?? '', 'base64').subarray(4);
    const passedOff = `— ${key.name} ${Buffer.concat([id, plain]).toString('base64')}\n`;
    expect(cosigned(passedOff)).toEqual({ fault: 'bad_signature' });
  });
});

describe('a checkpoint', () => {
  const origin = 'signet.example/audit/v1/log/t/acme';
  const signing = privateKey('log');
  const key = noteKey(origin, 'ed25519', signing);
  const head = { origin, size: 42, root: leafHash(Buffer.from('x')) };
  const signed = signCheckpoint(head, signing);

  it('opens with its log and its witnesses', () => {
    expect(openCheckpoint(signed, key)).toMatchObject({ checkpoint: { ...head, extensions: [] } });
    const witness = noteKey('w', 'cosignature', privateKey('witness'));
    const line = cosignNote(signed.slice(0, signed.indexOf('\n\n') + 1), 'w', privateKey('witness'), 1);
    const opened = openCheckpoint(signed + line, key, [witness]);
    expect('verified' in opened && opened.verified.map((by) => by.key.name)).toEqual([origin, 'w']);
    expect(openCheckpoint(formatNote(signed.slice(0, signed.indexOf('\n\n') + 1), line), key, [witness])).toEqual({
      fault: 'unknown_key',
    });
  });

  it('of another log does not open, though the same key has signed it', () => {
    const text = signed.slice(0, signed.indexOf('\n\n') + 1).replace('acme', 'evil');
    expect(openCheckpoint(formatNote(text, signNote(text, origin, signing)), key)).toEqual({ fault: 'other_origin' });
    expect(openCheckpoint(signCheckpoint({ ...head, origin: 'other' }, signing), key)).toEqual({
      fault: 'unknown_key',
    });
  });

  it('does not open with any one byte changed', () => {
    const bytes = Buffer.from(signed);
    for (const place of bytes.keys()) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 1;
      expect(openCheckpoint(changed.toString('utf8'), key)).toHaveProperty('fault');
    }
  });

  it.each([
    'log\n1\n',
    'log\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
    'log\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
    'log\n9007199254740992\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
    'log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n',
    'log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n',
    'log\n1\nCsUYapGG\n',
    '\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
    'log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\nx\n',
    'log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=',
  ])('%j is none', (text) => {
    expect(parseCheckpointText(text)).toBeUndefined();
  });

  it('may have extension lines', () => {
    expect(parseCheckpointText('log\n0\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nx\ny\n')).toMatchObject({
      extensions: ['x', 'y'],
    });
  });
});

describe('a proof as text', () => {
  const checkpoint = 'log\n3\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— log AAAAAAA=\n';
  const hashes: Hash[] = [leafHash(Buffer.of(1)), leafHash(Buffer.of(2))];
  const text = formatProof({ extra: Buffer.from('{}'), index: 2, hashes, checkpoint });

  it('is as C2SP tlog-proof has it', () => {
    expect(text.split('\n').slice(0, 3)).toEqual(['c2sp.org/tlog-proof@v1', 'extra e30=', 'index 2']);
    expect(text.endsWith(`=\n\n${checkpoint}`)).toBe(true);
    expect(parseProof(text)).toEqual({ extra: Buffer.from('{}'), index: 2, hashes, checkpoint });
    expect(parseProof(formatProof({ index: 0, hashes: [], checkpoint }))).toEqual({ index: 0, hashes: [], checkpoint });
  });

  it.each([
    '',
    text.replace('@v1', '@v2'),
    text.replace('index 2', 'index 02'),
    text.replace('index 2\n', ''),
    text.replace('e30=', 'e30'),
    text.replace('\n\n', '\nAAAA\n\n'),
    text.replaceAll('\n\n', '\n'),
    formatProof({ index: 0, hashes: Array.from({ length: 65 }, () => leafHash(Buffer.of(1))), checkpoint }),
  ])('%# is none', (wrong) => {
    expect(parseProof(wrong)).toBeUndefined();
  });
});

describe('what a witness is asked and answers', () => {
  it('is an old size, a proof, a checkpoint', () => {
    const proof = [leafHash(Buffer.of(1))];
    expect(formatAddCheckpoint({ oldSize: 1, proof, checkpoint: 'c\n' })).toBe(
      `old 1\n${Buffer.from(proof[0] ?? []).toString('base64')}\n\nc\n`,
    );
    expect(formatAddCheckpoint({ oldSize: 0, proof: [], checkpoint: 'c\n' })).toBe('old 0\n\nc\n');
  });

  it.each([
    ['0\n', 0],
    ['20852014\n', 20_852_014],
    ['12', undefined],
    ['01\n', undefined],
    ['-1\n', undefined],
    ['<html>\n', undefined],
    ['9007199254740993\n', undefined],
  ])('%j is the size %j', (body, size) => {
    expect(parseWitnessSize(body)).toBe(size);
  });
});
