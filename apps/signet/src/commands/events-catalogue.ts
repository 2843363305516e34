import {
  catalogueOfEvents,
  dataFields,
  envelopeFields,
  exampleOfEvent,
  personalFields,
  serviceNames,
  type DescribedField,
  type EventDefinition,
} from '@signet/contracts';
import { command } from '../command.js';

const introduction = `# Events

Made by \`signet events catalogue\` of the definitions in \`libs/contracts\`. Types, fields and meanings are only ever added to: what changes its meaning gets a new version
of its type. Consumers pass over types and fields that they do not know.

Each event is a [CloudEvents 1.0](https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md) event in structured JSON, recorded in the transaction of what it
tells. Its exact bytes are the leaf of its tenant's log, at most 65,535; none of them is a secret, and none is personal. Personal fields are beside the leaf, encrypted under a key
of their subject; those who may read them find them as \`data.personal\`. Any event may have \`network\` there: \`ip\` and \`userAgent\` of the request.

**Text** is well-formed Unicode without NUL; what was none is U+FFFD. What somebody typed or sent is cut: 320 characters of a username, 300 of a user agent, 255 of a
reason or a name. Line breaks, control characters and bidirectional overrides are kept as they came: who shows them makes them harmless, as \`signet events list\` does. Where \`data\`
would take its leaf beyond the limit, the largest members of \`before\` and \`after\` are left out, and if need be the ends of lists and texts; \`data.cut\` then has the path of each
and the bytes that it had: \`{"after.attributes": 70012}\`.

**Failures** that anybody can bring about are recorded one by one up to ten a minute per tenant, reason and network; those beyond are counted, and told by the
\`…-summarised\` event of their kind when the minute is over.`;

const cell = (text: string): string => text.replaceAll('|', '\\|');

const valuesOf = ({ values }: DescribedField): string =>
  values.length > 1 ? ` One of ${values.map((value) => `\`${String(value)}\``).join(', ')}.` : '';

function tableOf(rows: readonly (readonly string[])[], heads: readonly string[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

const rowOf = (field: DescribedField, prefix = ''): string[] => [
  `\`${prefix}${field.path}\``,
  field.type,
  cell(`${field.meaning}${valuesOf(field)}`),
];

function sectionOf(definition: EventDefinition): string {
  const { type, occurs, outcome } = definition;
  const personal = personalFields(definition).map((field) => [...rowOf(field, 'personal.'), 'yes']);
  const fields = [...dataFields(definition).map((field) => [...rowOf(field), '']), ...personal];
  const example = exampleOfEvent(definition);
  const data = { ...(example.data as object), ...(example.personal !== undefined && { personal: example.personal }) };
  return [
    `### ${type}`,
    `${occurs.charAt(0).toUpperCase()}${occurs.slice(1)}.`,
    `Outcome: ${outcome}. Class: ${definition.class}.`,
    ...(fields.length > 0
      ? [tableOf(fields, ['data', 'type', 'meaning', 'personal']), `\`\`\`json\n${JSON.stringify(data)}\n\`\`\``]
      : ['`data` is empty.']),
  ].join('\n\n');
}

/** docs/events.md. */
export function eventsPage(): string {
  const services = serviceNames.map((name) =>
    [
      `## ${name}`,
      ...catalogueOfEvents
        .filter(({ service }) => service === name)
        .toSorted((a, b) => (a.type < b.type ? -1 : 1))
        .map(sectionOf),
    ].join('\n\n'),
  );
  const members = tableOf(
    envelopeFields.map((field) => rowOf(field)),
    ['member', 'type', 'meaning'],
  );
  return `${[introduction, '## Members of every event', members, ...services].join('\n\n')}\n`;
}

export const eventsCatalogue = command({
  words: ['events', 'catalogue'],
  summary: 'Prints what every event is and tells, as docs/events.md has it.',
  options: {},
  run: (_, { out }) => {
    out(eventsPage().trimEnd());
    return Promise.resolve();
  },
});
