"""What was asked of the sandbox: one entry for each request, apart from those to the control path."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Request

IN_PATH = re.compile(r"/(?:deleted_)?tickets/(\d+)")
APIS = {"/api/v2/chat/": "chat", "/api/": "zendesk", "/oauth/": "oauth", "/publish/": "publish", "/apply/": "apply"}


@dataclass
class RequestLog:
    entries: list[dict[str, Any]] = field(default_factory=list)
    last: int = 0

    def add(self, request: Request, status: int, client: str | None, now: datetime) -> None:
        self.last += 1
        self.entries.append(
            {
                "n": self.last,
                "at": now.isoformat(),
                "api": api_of(request.path),
                "method": request.method,
                "path": request.path,
                "query": request.args.to_dict(),
                "status": status,
                "client": client,
                "ticket_ids": ticket_ids(request.path, request.args.get("ids", "")),
            }
        )

    def after(self, number: int, api: str | None) -> list[dict[str, Any]]:
        return [entry for entry in self.entries if entry["n"] > number and api in (None, entry["api"])]

    def clear(self) -> None:
        """Numbers go on rising, so that `after` keeps its meaning."""
        self.entries.clear()


def api_of(path: str) -> str:
    return next((api for prefix, api in APIS.items() if path.startswith(prefix)), "unknown")


def ticket_ids(path: str, ids: str) -> list[int]:
    named = IN_PATH.findall(path)
    if "/tickets/" in path or "/deleted_tickets/" in path:
        named += [part for part in ids.split(",") if part.strip().isdigit()]
    return [int(number) for number in named]
