"""`python -m zendesk_app https://support-bridge.example`: the app's zip, or what is wrong with it."""

import sys
from pathlib import Path

from zendesk_app.packing import NotFit, pack

BUILT = Path("build/zendesk-app.zip")


def main(public_url: str) -> None:
    """Write it. Exits with 2 and a line for each fault."""
    try:
        packed = pack(public_url)
    except NotFit as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
    BUILT.parent.mkdir(exist_ok=True)
    BUILT.write_bytes(packed)
    sys.stdout.write(f"{BUILT}: upload it in Zendesk's Admin Center, as docs/zendesk-app.md says.\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
