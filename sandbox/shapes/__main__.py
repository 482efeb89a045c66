"""`python -m sandbox.shapes FILE`: every place where our table and Zendesk's description disagree, and why.

Zendesk publishes the file at https://developer.zendesk.com/zendesk/oas.yaml. Exit code 1 when a disagreement has no
reason in the table, or a reason explains nothing any more.
"""

import argparse
from pathlib import Path

from sandbox.shapes.compare import all_differences, shapes_in
from sandbox.shapes.description import Description
from sandbox.shapes.endpoints import ENDPOINTS
from sandbox.shapes.errors import ERROR


def compare(path: Path) -> int:
    """Print the disagreements, those without a reason last; how many of those there are."""
    shapes = shapes_in([*ENDPOINTS.values(), ERROR])
    found = all_differences(Description(path), shapes)
    unexplained = [difference for difference in found if not difference.why]
    for difference in sorted(found, key=lambda one: not one.why):
        print(difference)
    print("Not described:", ", ".join(shape.name for shape in shapes if not shape.schema))
    print(f"{len(found)} disagreements, {len(unexplained)} without a reason.")
    return len(unexplained)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m sandbox.shapes", description=__doc__)
    parser.add_argument("file", type=Path, help="Zendesk's description of its API, as published")
    raise SystemExit(1 if compare(parser.parse_args().file) else 0)
