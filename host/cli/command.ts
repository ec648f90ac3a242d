// What a command of `corejam` is; one file a command, found by main.ts.

/** The options of a command, as `node:util` parses them, each with the sentence that `--help` prints. */
export type Options = Record<
  string,
  { type: 'string' | 'boolean'; short?: string; default?: string; help: string; value?: string }
>;

/** What a file below this folder exports to be a command. */
export interface Command {
  /** What follows the name: `FILE.wasm`. */
  operands: string;
  options: Options;
  /** What `--help` adds after the options. */
  notes?: string;
  run(values: Record<string, string | boolean | undefined>, operands: string[]): Promise<void>;
}
