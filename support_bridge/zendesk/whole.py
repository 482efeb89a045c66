"""An answer's whole body, within the time and size that one may have."""

import time

import requests
import urllib3

# A timeout of the library's is one of silence: a body that drips would hold a request for ever.
ANSWER_SECONDS = 30
# A page of a thousand tickets with their metrics is some megabytes.
LARGEST_ANSWER = 64 * 1024 * 1024
PIECE = 64 * 1024
# What sending, and reading the body here, raise when no whole answer comes.
NO_ANSWER = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)


def read_whole(response: requests.Response) -> None:
    """Read the body of an answer that was asked for with `stream`. Raises one of NO_ANSWER."""
    end = time.monotonic() + ANSWER_SECONDS
    pieces: list[bytes] = []
    size = 0
    while piece := response.raw.read1(PIECE, decode_content=True):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST_ANSWER or time.monotonic() > end:
            response.close()
            raise TimeoutError("an answer that is too long, or takes too long")
    response.raw.release_conn()
    # What `requests` does itself for an answer that is not streamed.
    response._content = b"".join(pieces)
    response._content_consumed = True  # type: ignore[attr-defined]
