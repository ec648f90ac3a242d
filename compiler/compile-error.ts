// A program that does not compile, told in asc's own words.

/** asc's complaint, as asc prints it. */
export class CompileError extends Error {
  override name = 'CompileError';
}
