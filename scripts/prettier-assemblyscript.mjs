// assemblyscript-prettier with a fix: version 3.0.4 prints an empty line before a declaration whose decorator has no
// comment before it, and one more each time the file is formatted.
import plugin from 'assemblyscript-prettier';

const [[format, printer]] = Object.entries(plugin.printers);

/** The plugin passes decorators to the parser as comments between these marks. */
const DECORATOR = /^(MAGIC_ASSEMBLYSCRIPT_PRETTIER_\d+)(.*)\1$/s;

export default {
  ...plugin,
  printers: {
    [format]: {
      ...printer,
      printComment(path, options) {
        const [, , decorator] = DECORATOR.exec(path.node.value) ?? [];
        return decorator ?? printer.printComment(path, options);
      },
    },
  },
};
