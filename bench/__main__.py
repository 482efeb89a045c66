"""`python -m bench [NAME…]`: the named benches, or all. Exit code 1 when one could not run; a missed goal is only
reported."""

import argparse
import traceback
from collections.abc import Callable, Mapping, Sequence

from bench import accepting, context, flood, memory, sandbox_speed, through, zendesk_budget
from bench.report import Row, header, table

BENCHES: Mapping[str, Callable[[], Sequence[Row]]] = {
    "accepting": accepting.run,
    "context": context.run,
    "flood": flood.run,
    "memory": memory.run,
    "sandbox_speed": sandbox_speed.run,
    "through": through.run,
    "zendesk_budget": zendesk_budget.run,
}


def run(names: Sequence[str], benches: Mapping[str, Callable[[], Sequence[Row]]] = BENCHES) -> int:
    """Print a table for each; how many could not run."""
    print(header())
    failed = 0
    for name in names or benches:
        try:
            print(f"\n{table(name, benches[name]())}", flush=True)
        except (Exception, SystemExit):  # one that cannot run must not keep the others from running
            failed += 1
            print(f"\n{name} could not run:\n{traceback.format_exc()}", flush=True)
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}; all unless named")
    names = parser.parse_args().names
    if unknown := [name for name in names if name not in BENCHES]:
        parser.error(f"no such bench: {', '.join(unknown)}")
    return 1 if run(names) else 0


if __name__ == "__main__":
    raise SystemExit(main())
