// The interface of a command of `corejam`. Each command is a file, which main.ts loads.

/** The options of a command for `parseArgs` of `node:util`, each with its sentence for `--help`. */
type Options = Record<
  string,
  { type: 'string' | 'boolean'; short?: string; default?: string; help: string; value?: string }
>;

/** A command, exported by its file as `command`. */
export interface Command {
  /** The operands, for `--help`: `FILE.wasm`. */
  operands: string;
  options: Options;
  /** Text of `--help` after the options. */
  notes?: string;
  run(values: Record<string, string | boolean | undefined>, operands: string[]): Promise<void>;
}
