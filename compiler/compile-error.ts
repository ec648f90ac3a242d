// The error of a program that does not compile, with asc's output.

/** asc's diagnostics, as asc prints them. */
export class CompileError extends Error {
  override name = 'CompileError';
}
