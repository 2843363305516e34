import { parseArgs, type ParseArgsConfig } from 'node:util';
import { withDashedValues } from './dashed-values.js';

type ParseArgsOptionsConfig = NonNullable<ParseArgsConfig['options']>;

/** What a command sees of the world. */
export interface CommandContext {
  /** The environment, and beneath it what a running quick start has left in its data directory. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly out: (line: string) => void;
  /** Whether what is printed may be coloured. */
  readonly colour?: boolean;
  /** Asks the person at the terminal; absent where there is none. */
  readonly ask?: (question: string) => Promise<string>;
  /** For a command that goes on running: to be called when it has said that it is ready. */
  readonly afterOpen?: () => void;
}

type Values<O extends ParseArgsOptionsConfig> = ReturnType<typeof parseArgs<{ options: O }>>['values'];

/** A command of the `signet` program: `signet <words> [options]`. */
export interface Command {
  readonly words: readonly string[];
  readonly summary: string;
  readonly usage: string;
  /** Gives the exit code where it is not 0. */
  run(parameters: readonly string[], context: CommandContext): Promise<number | undefined>;
}

export function command<const O extends ParseArgsOptionsConfig>(definition: {
  words: readonly string[];
  summary: string;
  /** Its options, as the help shows them. */
  usage?: string;
  options: O;
  /** What the one thing is called that stands beside the options, where there is one. */
  argument?: string;
  /** It may be left out. */
  argumentOptional?: boolean;
  run: (values: Values<O>, context: CommandContext, argument: string) => Promise<number> | Promise<void>;
}): Command {
  return {
    words: definition.words,
    summary: definition.summary,
    usage: definition.usage ?? '',
    run: async (parameters, context) => {
      const { argument, options } = definition;
      let values: Values<O>;
      let positionals: string[];
      try {
        const allowPositionals = argument !== undefined;
        const named = Object.keys(options).filter((name) => options[name]?.type === 'string');
        const args = withDashedValues(parameters, named);
        ({ values, positionals } = parseArgs({ args, options, strict: true, allowPositionals }));
      } catch (error) {
        throw new CommandFailed(error instanceof Error ? error.message : 'the options do not fit');
      }
      const [given = '', ...more] = positionals;
      const isLacking = given === '' && definition.argumentOptional !== true;
      if (argument !== undefined && (isLacking || more.length > 0)) throw new CommandFailed(`give one ${argument}`);
      const code: unknown = await definition.run(values, context, given);
      return typeof code === 'number' ? code : undefined;
    },
  };
}

/** Ends the program with exit code 1 and this text, without a stack: the user can mend it. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

/** The value of a variable that a command cannot do without. */
export function required(context: Pick<CommandContext, 'environment'>, name: string, purpose: string): string {
  const value = context.environment[name];
  if (value === undefined || value === '') throw new CommandFailed(`set ${name}: ${purpose}`);
  return value;
}
