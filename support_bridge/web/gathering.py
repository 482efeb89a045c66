"""What has come of a request so far, and whether that is all of it. Pure.

It decides only when a thread is given the request: what it says is read by gunicorn's own parser, from the same bytes.
So whatever is odd counts as whole, and is refused there.
"""

import re

LARGEST_HEAD = 64 * 1024  # gunicorn refuses a request line and headers that are longer
LARGEST_BODY = 1024 * 1024  # a longer one is refused by its announced length
END = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*(?:\r\n|\Z)")
CHUNK = re.compile(rb"[0-9a-fA-F]{1,8}")


class Gathered:
    """The bytes of one request."""

    def __init__(self, got: bytes = b"") -> None:
        self.data = bytearray(got)
        self.wants_to_be_told = False  # it sends its body only when it is told to go on
        self._body: int | None = None  # where it begins, once the head is there
        self._length: int | None = None
        self._next = 0  # where the next chunk begins

    def is_whole(self) -> bool:
        """Whether a thread that is given it need not wait for more."""
        if self._body is None and not self._has_head():
            return len(self.data) > LARGEST_HEAD
        assert self._body is not None
        if self._length is None:
            return self._has_last_chunk() or len(self.data) - self._body > LARGEST_BODY
        return self._length > LARGEST_BODY or len(self.data) - self._body >= self._length

    def _has_head(self) -> bool:
        end = self.data.find(END)
        if end < 0:
            return False
        head = bytes(self.data[:end]).lower()
        said = LENGTH.search(head)
        self._body = self._next = end + len(END)
        self._length = None if b"\r\ntransfer-encoding:" in head else int(said[1]) if said else 0
        self.wants_to_be_told = b"\r\nexpect:" in head
        return True

    def _has_last_chunk(self) -> bool:
        while True:
            end = self.data.find(b"\r\n", self._next)
            if end < 0:
                return len(self.data) - self._next > LARGEST_HEAD
            size = CHUNK.match(self.data, self._next, end)
            if size is None:
                return True  # no chunk
            if int(size[0], 16) == 0:
                return self.data.find(END, end) >= 0
            following = end + 2 + int(size[0], 16) + 2
            if following > len(self.data):
                return False
            self._next = following
