// Selects kernels or inputs by the names and words on the command line of a bench.

/** Those of `all` whose names are given; all, if none is. An unknown name ends the process with a message. */
export function named<T>(what: string, all: readonly T[], nameOf: (one: T) => string, names: readonly string[]): T[] {
  const stranger = names.find((name) => !all.some((one) => nameOf(one) === name));
  if (stranger !== undefined) refuse(`there is no ${what} \`${stranger}\`; there are ${all.map(nameOf).join(', ')}`);
  return all.filter((one) => names.length === 0 || names.includes(nameOf(one)));
}

/** Those of `all` whose texts contain one of the words; all, if there are none. Ends the process if nothing matches. */
export function containing<T>(
  what: string,
  all: readonly T[],
  textOf: (one: T) => string,
  words: readonly string[],
): T[] {
  const chosen = all.filter((one) => words.length === 0 || words.some((word) => textOf(one).includes(word)));
  if (chosen.length === 0) refuse(`no ${what} contains ${words.map((word) => `\`${word}\``).join(' or ')}`);
  return chosen;
}

function refuse(sentence: string): never {
  console.error(`error: ${sentence}`);
  process.exit(2);
}
