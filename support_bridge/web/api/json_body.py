"""A request's JSON, or a plain 400: what is nested too deep, or a number too long, breaks the library's reading."""

import json
from typing import Any

from flask import Request
from webargs.flaskparser import FlaskParser


class JsonParser(FlaskParser):
    """The library's own takes these two faults for ours, and answers 500."""

    def _raw_load_json(self, req: Request) -> Any:
        try:
            return super()._raw_load_json(req)
        except json.JSONDecodeError:
            raise
        except (ValueError, RecursionError):
            raise json.JSONDecodeError("not to be read", "…", 0) from None
