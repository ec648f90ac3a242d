"""Runs kernels in wasmtime for the bench, through its Python package.

A request is a line on standard input, its answer a line on standard output:

- `load PATH`: compiles the module and makes a fresh instance, answers `ok`
- `call NAME SIZE`: answers `VALUE MILLISECONDS`, of processor time, the call alone

With the argument `fuel` the peer is metered, and has fuel for any kernel: what is measured is counting, not running out.
"""

import sys
import time

from wasmtime import Config, Engine, Instance, Module, Store

FUEL = 1 << 62


def main(metered: bool) -> None:
    config = Config()
    config.consume_fuel = metered
    engine = Engine(config)
    store = exports = None
    for line in sys.stdin:
        request, _, rest = line.rstrip("\n").partition(" ")
        if request == "load":
            store = Store(engine)
            if metered:
                store.set_fuel(FUEL)  # a start function would need some
            exports = Instance(store, Module.from_file(engine, rest), []).exports(store)
            print("ok", flush=True)
        elif request == "call":
            name, size = rest.split()
            kernel = exports[name]
            if metered:
                store.set_fuel(FUEL)
            started = time.process_time_ns()
            value = kernel(store, int(size))
            elapsed = time.process_time_ns() - started
            print(value & 0xFFFFFFFF, elapsed / 1e6, flush=True)
        else:
            raise SystemExit(f"not understood: {line}")


if __name__ == "__main__":
    try:
        main("fuel" in sys.argv[1:])
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)
