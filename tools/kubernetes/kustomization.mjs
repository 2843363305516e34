import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import { parse, parseAllDocuments } from 'yaml';

const known = new Set([
  ...['apiVersion', 'kind', 'namespace', 'resources', 'components', 'images', 'patches', 'configMapGenerator'],
]);

/**
 * The objects that kustomize makes of a directory, for tests that must run where it is not: of the few fields that k8s/ uses, a JSON patch (RFC 6902)
 * by kinds (`A|B`, of what is a regular expression to kustomize) and a literal name the hardest. Another field, operation or path is refused, never passed over.
 * @param {string} directory
 * @returns {Record<string, any>[]}
 */
export function render(directory) {
  return built(directory, 'Kustomization', []);
}

/** A component has the objects of whoever names it beside its own, and patches those that are there. */
function built(directory, expected, given) {
  const kustomization = parse(readFileSync(path.join(directory, 'kustomization.yaml'), 'utf8'));
  refuseOthers('field', Object.keys(kustomization), known);
  refuseOthers('kind', [kustomization.kind], new Set([expected]));
  const { namespace, resources = [], components, images = [], patches = [], configMapGenerator = [] } = kustomization;
  let objects = [...given, ...resources.flatMap((resource) => read(path.join(directory, resource)))];
  for (const component of components ?? []) objects = built(path.join(directory, component), 'Component', objects);
  objects.push(...configMapGenerator.map((generator) => configMap(directory, generator)));
  for (const { target, patch, ...others } of patches) {
    refuseOthers('field', [...Object.keys(target), ...Object.keys(others)], new Set(['kind', 'name']));
    const kinds = kindsOf(target);
    const patched = objects.filter(
      ({ kind, metadata }) => kinds.includes(kind) && [undefined, metadata.name].includes(target.name),
    );
    if (patched.length === 0 && expected === 'Kustomization')
      throw new Error(`no object is a ${target.kind} ${target.name ?? ''}`);
    for (const object of patched) for (const operation of parse(patch)) apply(operation, object);
  }
  for (const object of objects) {
    if (namespace !== undefined && object.kind !== 'Namespace') object.metadata.namespace = namespace;
    for (const container of containersOf(object)) container.image = renamed(container.image, images);
  }
  return objects;
}

function kindsOf({ kind }) {
  if (!/^\w+(?:\|\w+)*$/.test(kind)) throw new Error(`a kind that is not understood here: ${kind}`);
  return kind.split('|');
}

/** Of a Deployment, StatefulSet or Job, those that run before the others too. */
export function containersOf({ kind, spec }) {
  if (!['Deployment', 'StatefulSet', 'Job'].includes(kind)) return [];
  const { initContainers = [], containers } = spec.template.spec;
  return [...initContainers, ...containers];
}

function read(place) {
  if (statSync(place).isDirectory()) return render(place);
  return parseAllDocuments(readFileSync(place, 'utf8')).map((document) => {
    if (document.errors.length > 0) throw new Error(`${place}: ${document.errors[0].message}`);
    return document.toJS();
  });
}

function configMap(directory, { name, files, options, ...others }) {
  refuseOthers('field', Object.keys(others), new Set());
  refuseOthers('field', Object.keys(options ?? {}), new Set(['disableNameSuffixHash', 'labels']));
  if (options?.disableNameSuffixHash !== true) throw new Error(`${name}: a hash in names is not understood here`);
  const data = files.map((file) => [path.basename(file), readFileSync(path.join(directory, file), 'utf8')]);
  const { labels } = options;
  return {
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...(labels && { labels }) } },
    data: Object.fromEntries(data),
  };
}

function renamed(image, images) {
  const [name] = image.split(':');
  const found = images.find((entry) => entry.name === name);
  return found ? `${found.newName}:${found.newTag}` : image;
}

/** RFC 6902 section 4. */
function apply({ op, path: pointer, value }, object) {
  const keys = pointer.split('/').slice(1);
  const last = keys.pop();
  const parent = keys.reduce((at, key) => at?.[key], object);
  if (parent === undefined || pointer.includes('~')) throw new Error(`${pointer} is not there`);
  const isThere = Object.hasOwn(parent, last);
  const refuse = () => {
    throw new Error(`${op} ${pointer} does not hold`);
  };
  switch (op) {
    case 'test':
      return JSON.stringify(parent[last]) === JSON.stringify(value) ? undefined : refuse();
    case 'replace':
      return isThere ? void (parent[last] = structuredClone(value)) : refuse();
    case 'add':
      if (!Array.isArray(parent)) return void (parent[last] = structuredClone(value));
      return last === '-' ? void parent.push(structuredClone(value)) : refuse();
    default:
      return refuse();
  }
}

function refuseOthers(what, given, allowed) {
  const others = given.filter((name) => !allowed.has(name));
  if (others.length > 0) throw new Error(`a ${what} that is not understood here: ${others.join(', ')}`);
}
