"""What a bag says of itself (RFC 8493), before a byte of its payload is compared.

Ours and not the library `bagit`'s: that one passes whitespace in the declaration that the standard forbids, skips
a broken line of a manifest in silence, strips names that end in a space, and refuses bags that are only unusual.
The library is our tests' witness instead.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.archive.bag_paths import OutsideBag, decoded, unusual
from pipeline.archive.digests import known_algorithm
from pipeline.errors import Fatal

_DECLARED = re.compile(
    r"BagIt-Version: (\d+)\.(\d+)(?:\r\n|\n|\r)Tag-File-Character-Encoding: (\S+)(?:\r\n|\n|\r)?"
)
_MANIFEST = re.compile(r"(tag)?manifest-([A-Za-z0-9-]+)\.txt")
_ENTRY = re.compile(r"(\S+)[ \t]+(\*?)(.+)")
_OXUM = re.compile(r"(\d+)\.(\d+)")
_LINES = re.compile(r"\r\n|\n|\r")
_LARGEST = 1 << 28  # bytes of a tag file that we read into memory


@dataclass(slots=True)
class BagSays:
    """A bag's own words: digests by POSIX path and algorithm, for the payload and for the tag files.

    `payload_algorithms` are those of the readable payload manifests; `oxum` is (bytes, files) or None. `problems`
    make the bag invalid, `warnings` do not; both are `kind: detail`.
    """

    version: tuple[int, int]
    encoding: str
    payload: dict[str, dict[str, str]] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    payload_algorithms: tuple[str, ...] = ()
    fetched: tuple[str, ...] = ()
    oxum: tuple[int, int] | None = None
    info: Mapping[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_bag(path: Path) -> BagSays:
    """Read declaration, information, manifests and `fetch.txt` (nothing is ever fetched).

    Fatal `archive.no-bag` where there is no bag to speak of, or where it names a file outside itself; any lesser
    fault is one of the bag's `problems`, so that all else is still checked.
    """
    try:
        return _read(path)
    except (OutsideBag, OSError, ValueError, LookupError) as error:
        raise Fatal("archive.no-bag", path=str(path), detail=str(error)) from error


def _read(path: Path) -> BagSays:
    says = _declaration(path)
    if not (path / "data").is_dir() or (path / "data").is_symlink():
        raise ValueError("no folder data/")
    names = sorted(one.name for one in path.iterdir() if one.is_file())
    found = [(name, match) for name in names if (match := _MANIFEST.fullmatch(name))]
    algorithms = []
    for name, match in found:
        algorithm = match[2].lower().replace("-", "")
        if match[2] != algorithm:
            says.warnings.append(f"algorithm-name: {name}")
        if not known_algorithm(algorithm):
            says.warnings.append(f"algorithm: {name}")
        if _manifest(path / name, algorithm, says, tag=bool(match[1])) and not match[1]:
            algorithms.append(algorithm)
    if not algorithms:
        raise ValueError("no readable manifest of the payload")
    says.payload_algorithms = tuple(algorithms)
    _information(path, says)
    _fetch(path, says)
    says.warnings.extend(unusual([*says.payload]))
    return says


def _declaration(path: Path) -> BagSays:
    """Two lines, byte for byte as RFC 8493, section 2.1.1, has them."""
    data = _bytes(path / "bagit.txt")
    match = _DECLARED.fullmatch(data.decode("utf-8"))
    if match is None:
        raise ValueError("bagit.txt is not as the standard wants it")
    if (version := (int(match[1]), int(match[2]))) > (1, 0):
        raise ValueError(f"BagIt {match[1]}.{match[2]} is not known here")
    codecs.lookup(match[3])
    "".encode(match[3])  # LookupError for a codec that is none of text
    return BagSays(version, match[3])


def _bytes(path: Path) -> bytes:
    if path.is_symlink():
        raise ValueError(f"{path.name} is a link")
    if path.stat().st_size > _LARGEST:
        raise ValueError(f"{path.name} is too large")
    return path.read_bytes()


def _lines(path: Path, says: BagSays) -> list[str] | None:
    """A tag file's lines without a byte-order mark; None (and a problem) where it is no text."""
    try:
        text = _bytes(path).decode(says.encoding)
    except ValueError:
        says.problems.append(f"no-text: {path.name}")
        return None
    if text.startswith("\ufeff"):
        says.warnings.append(f"byte-order-mark: {path.name}")
    return _LINES.split(text.removeprefix("\ufeff"))


def _manifest(path: Path, algorithm: str, says: BagSays, *, tag: bool) -> bool:
    lines = _lines(path, says)
    for number, line in enumerate(lines or (), 1):
        if not line.strip(" \t"):
            continue
        match = _ENTRY.fullmatch(line)
        if match is None:
            says.problems.append(f"line: {path.name}:{number}")
            continue
        if match[2]:
            says.warnings.append(f"asterisk: {path.name}:{number}")
        name = decoded(match[3], says.version)
        if match[3].startswith("./"):
            says.warnings.append(f"dot-slash: {path.name}:{number}")
        if name.startswith("data/") == tag:
            says.problems.append(f"wrong-manifest: {path.name}:{number}")
            continue
        _enter((says.tags if tag else says.payload).setdefault(name, {}), algorithm, match[1], path, name, says)
    return lines is not None


def _enter(digests: dict[str, str], algorithm: str, digest: str, path: Path, name: str, says: BagSays) -> None:
    before = digests.setdefault(algorithm, digest)
    if before.lower() != digest.lower() or (before is not digest and says.version >= (1, 0)):
        says.problems.append(f"listed-twice: {path.name}: {name}")
    elif before is not digest:
        says.warnings.append(f"listed-twice: {path.name}: {name}")


def _information(path: Path, says: BagSays) -> None:
    # Up to 0.95 the file had another name.
    names = ("bag-info.txt", "package-info.txt") if says.version <= (0, 95) else ("bag-info.txt",)
    file = next((path / name for name in names if (path / name).is_file()), None)
    if file is None:
        return
    elements = list(_elements(file, says))
    says.info = {label: value for label, value in reversed(elements)}
    sums = {value for label, value in elements if label.casefold() == "payload-oxum"}
    for value in sums:
        match = _OXUM.fullmatch(value)
        if match is None or len(sums) > 1:
            says.problems.append(f"oxum: {value}")
        else:
            says.oxum = (int(match[1]), int(match[2]))


def _elements(file: Path, says: BagSays) -> Iterator[tuple[str, str]]:
    """Label and value of each element; a line that begins with a blank goes on with the one before."""
    label, value = "", ""
    for number, line in enumerate(_lines(file, says) or (), 1):
        if not line.strip():
            continue
        if line[0] in " \t" and label:
            value = f"{value} {line.strip()}"
            continue
        if label:
            yield label, value
        label, colon, value = (part.strip() for part in line.partition(":"))
        if not colon or not label:
            says.problems.append(f"line: {file.name}:{number}")
            label = ""
    if label:
        yield label, value


def _fetch(path: Path, says: BagSays) -> None:
    """`fetch.txt` names files that may be elsewhere: each must be listed, and is missing as long as it is."""
    if not (path / "fetch.txt").is_file():
        return
    fetched = []
    for number, line in enumerate(_lines(path / "fetch.txt", says) or (), 1):
        if not line.strip(" \t"):
            continue
        match = re.fullmatch(r"([A-Za-z][A-Za-z0-9+.-]*:\S+)[ \t]+(\d+|-)[ \t]+(.+)", line)
        if match is None:
            says.problems.append(f"line: fetch.txt:{number}")
            continue
        name = decoded(match[3], says.version)
        fetched.append(name)
        if name not in says.payload:
            says.problems.append(f"fetch: {name}")
    says.fetched = tuple(fetched)
