"""Office files are zip packages: opened with limits on what their parts unpack to, and without trust in their XML."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from lxml import etree

from assistant.errors import SourceError

MAX_ENTRIES = 5_000  # of a zip; bounds what a hostile file costs
MAX_PART = 40_000_000  # bytes unpacked
MAX_UNPACKED = 80_000_000  # bytes of all parts
_CHUNK = 1 << 20  # bytes read at a time
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
_ENCRYPTED_FLAG = 0x1  # as the zip format has it
_SMALL = re.compile(r"^(?:xl|word)/(?:workbook|document)?|_rels/\.rels$", re.IGNORECASE)


class Package:
    """The parts of a zip file, each unpacked on demand and only up to the limits, whatever its header promises."""

    def __init__(self, data: bytes, name: str) -> None:
        """Raise SourceError when ``data`` is a broken, encrypted or oversized zip file."""
        self.name = name
        self._unpacked = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except _BROKEN as error:
            raise SourceError("source.broken", name=name) from error
        if len(entries) > MAX_ENTRIES:
            raise SourceError("source.unpacks_too_big", name=name, limit=MAX_UNPACKED // 1_000_000)
        if any(e.flag_bits & _ENCRYPTED_FLAG for e in entries):
            raise SourceError("source.encrypted", name=name)
        self._entries = {_plain(e.filename): e.filename for e in entries}
        self.names = {e.filename.replace("\\", "/").removeprefix("./").lstrip("/") for e in entries}

    def holds(self, path: str) -> bool:
        """Whether there is such a part; part names differ neither by case nor by slash (ECMA-376 part 2, 6.2.2.2)."""
        return _plain(path) in self._entries

    def part(self, path: str) -> bytes:
        """Unpack one part; SourceError when it is broken or over the limits."""
        found = bytearray()
        try:
            with self._zip.open(self._entries[_plain(path)]) as file:
                while chunk := file.read(_CHUNK):
                    found += chunk
                    self._unpacked += len(chunk)
                    if len(found) > MAX_PART or self._unpacked > MAX_UNPACKED:
                        raise SourceError("source.unpacks_too_big", name=self.name, limit=MAX_PART // 1_000_000)
        except (*_BROKEN, KeyError) as error:
            raise SourceError("source.broken", name=self.name) from error
        return bytes(found)

    def usual(self) -> bytes:
        """The package with its parts under the names that they should have: slashes, and for Office's own folders small letters."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as usual:
            for name in sorted(self.names):
                usual.writestr(_SMALL.sub(lambda m: m.group().lower(), name), self.part(name))
        return target.getvalue()

    def xml(self, path: str) -> etree._Element:
        """Parse one part; a document type or an entity declaration is refused, as no office program writes one."""
        return safe_xml(self.part(path), self.name)


def safe_xml(data: bytes, name: str) -> etree._Element:
    """Parse XML without resolving an entity, loading a DTD or opening anything.

    Raises:
        SourceError: the XML is broken, or declares a document type.
    """
    refuse_entities(data, name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError("source.broken", name=name) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise SourceError("source.unsafe_xml", name=name)
    return root


def refuse_entities(data: bytes, name: str) -> None:
    """Raise SourceError when XML declares a document type or an entity, in whatever width its characters are written."""
    narrow = data.replace(b"\0", b"")
    if b"<!DOCTYPE" in narrow or b"<!ENTITY" in narrow:
        raise SourceError("source.unsafe_xml", name=name)


def _plain(path: str) -> str:
    return path.replace("\\", "/").removeprefix("./").lstrip("/").lower()
