"""`python -m sandbox.shapes FILE [--of SERVICE]`: where our table and a service's description disagree, and why.

Zendesk publishes its at https://developer.zendesk.com/zendesk/oas.yaml; Publish and Apply have theirs in their
repositories. Exit code 1 when a disagreement has no reason in the table, or a reason explains nothing any more.
"""

import argparse
from pathlib import Path

from sandbox.shapes import dfe_endpoints
from sandbox.shapes.compare import all_differences, shapes_in
from sandbox.shapes.description import Description
from sandbox.shapes.endpoints import ENDPOINTS
from sandbox.shapes.errors import ERROR
from sandbox.shapes.values import Type

TYPES: dict[str, list[Type]] = {
    "zendesk": [*ENDPOINTS.values(), ERROR],
    "publish": [*dfe_endpoints.PUBLISH.values(), dfe_endpoints.REFUSALS["publish"]],
    "apply": [*dfe_endpoints.APPLY.values(), dfe_endpoints.REFUSALS["apply"]],
}


def compare(path: Path, of: str) -> int:
    """Print the disagreements, those without a reason last; how many of those there are."""
    shapes = shapes_in(TYPES[of])
    found = all_differences(Description(path), shapes)
    unexplained = [difference for difference in found if not difference.why]
    for difference in sorted(found, key=lambda one: not one.why):
        print(difference)
    print("Not described:", ", ".join(shape.name for shape in shapes if not shape.schema))
    print(f"{len(found)} disagreements, {len(unexplained)} without a reason.")
    return len(unexplained)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m sandbox.shapes", description=__doc__)
    parser.add_argument("file", type=Path, help="the service's description of its API, as published")
    parser.add_argument("--of", choices=TYPES, default="zendesk", help="whose it is")
    asked = parser.parse_args()
    raise SystemExit(1 if compare(asked.file, asked.of) else 0)
