// Between claim and close every await is a place where a process can end: each has a label right before it, by which
// the kill matrix stops the process there. This rule reports an await without one in the files it is switched on for.

/** `checkpoint('a:label')` or `anything.checkpoint('a:label')`, as a statement of its own. */
function isLabel(statement) {
  if (statement?.type !== 'ExpressionStatement' || statement.expression.type !== 'CallExpression') return false;
  const { callee, arguments: args } = statement.expression;
  const name = callee.type === 'MemberExpression' ? callee.property.name : callee.name;
  return name === 'checkpoint' && args.length === 1 && args[0].type === 'Literal' && typeof args[0].value === 'string';
}

/** The statements that stand beside this one. */
const neighboursOf = ({ parent }) => (Array.isArray(parent?.body) ? parent.body : parent?.type === 'SwitchCase' ? parent.consequent : null);

const isFunction = ({ type }) => /Function/.test(type);

/** The statement of a list that holds the node; null when there is none inside its function. */
function statementOf(node) {
  for (let at = node; at !== null && at !== undefined && !isFunction(at); at = at.parent) {
    if (neighboursOf(at)?.includes(at)) return at;
  }
  return null;
}

/** A loop asks its head again and again, a label before it would be passed once. */
const isHeadOfLoop = (node, statement) => /^(For|While|DoWhile)/.test(statement.type) && node !== statement;

/** @type {import('eslint').Rule.RuleModule} */
export const labelEveryAwait = {
  meta: {
    type: 'problem',
    docs: { description: 'wants a checkpoint right before every await' },
    schema: [],
    messages: {
      missing: 'No checkpoint right before this await: give it a label, so that a process can be ended here on purpose.',
      second: 'A second await under one checkpoint: split the statement, so that each has its own label.',
    },
  },
  create(context) {
    const awaited = new Set();
    const check = (node) => {
      const statement = statementOf(node);
      const neighbours = statement === null ? null : neighboursOf(statement);
      const before = neighbours?.[neighbours.indexOf(statement) - 1];
      if (statement === null || isHeadOfLoop(node, statement) || !isLabel(before)) context.report({ node, messageId: 'missing' });
      else if (awaited.has(statement)) context.report({ node, messageId: 'second' });
      awaited.add(statement);
    };
    return {
      AwaitExpression: check,
      ForOfStatement: (node) => node.await && context.report({ node, messageId: 'missing' }),
    };
  },
};
