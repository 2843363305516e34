/**
 * An ESLint rule: each HTTP handler names the guard that lets requests through, by `@UseGuards(…)` on itself or on its class, or says `@Public()` itself.
 * A route that a class or a guard of some module above would have to protect is open by oversight the day that one changes.
 */
const mappings = new Set(
  (
    'RequestMapping All Get Head Post Put Patch Delete Options Search Sse QueryMethod ' +
    'Propfind Proppatch Mkcol Copy Move Lock Unlock'
  ).split(' '),
);

/** The imported name of what a module calls, whatever it calls it: `Get`, `Get as Read`, `nest.Get`. */
function importedFromNest(program) {
  const names = new Map();
  const namespaces = new Set();
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration' || statement.source.value !== '@nestjs/common') continue;
    for (const specifier of statement.specifiers) {
      if (specifier.type === 'ImportSpecifier') names.set(specifier.local.name, specifier.imported.name);
      else namespaces.add(specifier.local.name);
    }
  }
  return (callee) => {
    if (callee.type === 'Identifier') return names.get(callee.name);
    const { object, property } = callee.type === 'MemberExpression' ? callee : {};
    return object?.type === 'Identifier' && namespaces.has(object.name) ? property.name : undefined;
  };
}

export const guardedHandlers = {
  meta: {
    type: 'problem',
    docs: { description: 'each HTTP handler names its guard or says @Public()' },
    schema: [],
    messages: {
      unguarded: 'A handler names its guard by @UseGuards(…), on itself or its class, or says @Public().',
      hidden: 'A route is declared over its handler, where its guard is seen.',
    },
  },
  create(context) {
    const nameOf = importedFromNest(context.sourceCode.ast);
    const calls = (node) =>
      (node.decorators ?? []).flatMap(({ expression }) => (expression.callee ? [expression] : []));
    const isMapping = (call) => mappings.has(nameOf(call.callee));
    const isGuard = (call) => nameOf(call.callee) === 'UseGuards' && call.arguments.length > 0;
    const isPublic = (call) => call.callee.type === 'Identifier' && call.callee.name === 'Public';
    return {
      MethodDefinition(method) {
        const own = calls(method);
        const ofClass = calls(method.parent.parent);
        if (!own.some(isMapping) || own.some(isPublic) || [...own, ...ofClass].some(isGuard)) return;
        context.report({ node: method.key, messageId: 'unguarded' });
      },
      CallExpression(call) {
        const over = call.parent.type === 'Decorator' ? call.parent.parent.type : undefined;
        if (isMapping(call) && over !== 'MethodDefinition') context.report({ node: call, messageId: 'hidden' });
      },
    };
  },
};
