"""The marks that stand for somebody, and how one is found wherever it hides: capitals, encodings, compression."""

import base64
import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice

from tests.integration.receiver import TELEPHONE

# As the sandbox names them. Every name, e-mail address, network address and telephone number of its people holds one.
MARKS = ("sbxperson", "203.0.113.")
# Zendesk, PostgreSQL and the sandbox never say this number; only whoever carries the marks in does.
WORDS = (*MARKS, TELEPHONE)

# Where zlib's and gzip's streams begin; and such ones in base64, as RQ keeps a failed job's traceback.
STREAM = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
STREAM_IN_BASE64 = re.compile(rb"(?:e(?:A[E-H]|F[4-7]|J[w-z]|N[o-r])|H4sI)[\w+/-]{8,}")
LONGEST_STREAM = 256 * 1024
AROUND = 60

Piece = tuple[str, bytes]  # where it was found, and what


def marked(pieces: Iterable[Piece], words: Iterable[str] = WORDS) -> list[str]:
    """Where one of the words stands, plain or disguised, with what is around it."""
    return _look(pieces, [needle for word in words for needle in disguises(word)])


def quoted(pieces: Iterable[Piece], words: Iterable[str]) -> list[str]:
    """Where one of the words stands to the letter: for ids that in small letters could be a part of other ids."""
    return _look(pieces, [(word.encode(), True) for word in words])


def _look(pieces: Iterable[Piece], needles: list[tuple[bytes, bool]]) -> list[str]:
    return [f"{place}: {said}" for place, piece in pieces for said in islice(_found(piece, needles), 1)]


def disguises(word: str) -> list[tuple[bytes, bool]]:
    """The forms of a word, each with whether capitals matter in it."""
    raw = word.lower().encode()
    percent = b"".join(b"%%%02x" % byte for byte in raw)
    escaped = b"".join(b"\\u%04x" % byte for byte in raw)
    any_case = {raw, percent, percent.replace(b"%", b"%25"), escaped, raw.hex().encode()}
    spelt = {word, word.lower(), word.upper(), word.capitalize()}
    return [(form, False) for form in any_case] + [(form, True) for one in spelt for form in _in_base64(one.encode())]


def opened(piece: bytes) -> Iterator[bytes]:
    """The piece, and what is in the compressed streams in it."""
    yield piece
    for found in STREAM.finditer(piece):
        yield _unpacked(piece[found.start() : found.start() + LONGEST_STREAM])
    for found in STREAM_IN_BASE64.finditer(piece):
        text = found[0][: len(found[0]) // 4 * 4]
        yield _unpacked(base64.b64decode(text, altchars=b"-_" if set(text) & set(b"-_") else None))


def _unpacked(stream: bytes) -> bytes:
    """As far as it goes: what follows it is not looked at, and what only looks like one holds nothing."""
    try:
        return zlib.decompressobj(wbits=47).decompress(stream)  # either kind
    except zlib.error:
        return b""


def _found(piece: bytes, needles: list[tuple[bytes, bool]]) -> Iterator[str]:
    for plain in opened(piece):
        lower = plain.lower()
        for needle, is_exact in needles:
            at = (plain if is_exact else lower).find(needle)
            if at >= 0:
                yield repr(plain[max(0, at - AROUND) : at + AROUND])


def _in_base64(word: bytes) -> set[bytes]:
    """The word within a longer text: what is before it moves it by no, one or two bytes."""
    found = set()
    for before in range(3):
        text = base64.b64encode(bytes(before) + word)
        whole = text[(before * 8 + 5) // 6 : (before + len(word)) * 8 // 6]
        found |= {whole, whole.translate(bytes.maketrans(b"+/", b"-_"))}
    return found
