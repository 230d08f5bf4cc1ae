"""The cases of the public BagIt conformance suite, written anew from RFC 8493: valid, unusual, invalid."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.archive.verify import verify
from tests.support.bags import FILES, Bag, digest

Change = Callable[[Bag], None]
FIRST = "data/a.txt"


def sums(algorithm: str) -> Change:
    return lambda bag: setattr(bag, "algorithms", (algorithm,))


def of(version: str, then: Change = lambda bag: None) -> Change:
    def change(bag: Bag) -> None:
        bag.version = version
        then(bag)

    return change


def encoded(encoding: str) -> Change:
    def change(bag: Bag) -> None:
        bag.encoding, bag.info = encoding, "Contact-Name: Andr\u00e9\n"
        bag.files = {FIRST: b"x", "data/\u00e9t\u00e9.txt": b"y"}

    return change


def info(text: str | None) -> Change:
    return lambda bag: setattr(bag, "info", text)


def declared(text: bytes) -> Change:
    return lambda bag: setattr(bag, "declaration", text)


def line(text: str, algorithm: str = "sha512") -> Change:
    return lambda bag: bag.manifest(algorithm).append(text)


def file(name: str, line_name: str | None = None, data: bytes = b"x") -> Change:
    """One more file, under `line_name` in the manifest."""

    def change(bag: Bag) -> None:
        bag.manifest("sha512").append(f"{digest('sha512', data)}  {line_name or name}")
        bag.extra[name] = data

    return change


def fetch(text: str) -> Change:
    return lambda bag: bag.extra.update({"fetch.txt": text.encode()})


def also(name: str, data: bytes = b"x") -> Change:
    return lambda bag: bag.extra.update({name: data})


def every(*changes: Change) -> Change:
    def change(bag: Bag) -> None:
        for one in changes:
            one(bag)

    return change


def upper(bag: Bag) -> None:
    bag.lines["sha512"] = [f"{row.split()[0].upper()}  {row.split()[1]}" for row in bag.manifest("sha512")]


def two_sums(bag: Bag) -> None:
    bag.algorithms = ("sha256", "sha512")


def not_in_one(bag: Bag) -> None:
    two_sums(bag)
    bag.manifest("sha256").pop()


def ends(end: str) -> Change:
    return lambda bag: setattr(bag, "ends", end)


VALID: dict[str, Change] = {
    **{name: sums(name) for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")},
    **{f"version {one}": of(one) for one in ("0.93", "0.94", "0.95", "0.96", "0.97", "1.0")},
    "two manifests": two_sums,
    "UTF-16": every(of("0.97"), encoded("UTF-16")),
    "ISO-8859-1": every(of("0.97"), encoded("ISO-8859-1")),
    "no information": info(None),
    "no tag manifest": lambda bag: setattr(bag, "tag_manifest", False),
    "duplicate metadata": info("Contact-Name: A\nContact-Name: B\nX: y\n"),
    "long metadata": info("External-Description: one\n two\n\tthree: four\nPayload-Oxum: 13.2\n"),
    "metadata whitespace": info("Contact-Name:\tA \nX:  y\n"),
    "metadata of one's own": info("Zam\u00f3wienie-Nr: 7\n"),
    "payload oxum": info("Payload-Oxum: 13.2\n"),
    "empty file": file("data/empty", data=b""),
    "empty payload": lambda bag: bag.files.clear(),
    "upper case digests": upper,
    "one blank": lambda bag: bag.lines.update(sha512=[row.replace("  ", " ") for row in bag.manifest("sha512")]),
    "tab": lambda bag: bag.lines.update(sha512=[row.replace("  ", "\t") for row in bag.manifest("sha512")]),
    "CR": ends("\r"),
    "CRLF": ends("\r\n"),
    "CRLF declaration": declared(b"BagIt-Version: 1.0\r\nTag-File-Character-Encoding: UTF-8\r\n"),
    "no last line end": declared(b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8"),
    "escaped name": file("data/a\nb%.txt", "data/a%0Ab%25.txt"),
    "escaped escape": file("data/100%0A.txt", "data/100%250A.txt"),
    "percent before 1.0": of("0.97", file("data/100%25.txt")),
    "name that ends in a blank": file("data/a.txt "),
    "name with blanks": file("data/two  blanks.txt"),
    "hash as a name": file("data/#a"),
    "fetched already": fetch(f"https://example.org/a 6 {FIRST}\n"),
    "local fetch": every(of("0.97"), fetch(f"file:///a/b.txt - {FIRST}\n")),
    "duplicate same line before 1.0": of(
        "0.97", lambda bag: bag.manifest("sha512").append(bag.manifest("sha512")[0])
    ),
    "not in one manifest before 1.0": of("0.97", not_in_one),
    "stray tag file": also("notes.txt"),
}

NFD = unicodedata.normalize("NFD", "data/folder/\u017c\u00f3\u0142w.txt")


def other_form(bag: Bag) -> None:
    bag.lines["sha512"] = [unicodedata.normalize("NFD", row) for row in bag.manifest("sha512")]


UNUSUAL: dict[str, Change] = {
    "asterisk": (lambda bag: bag.lines.update(sha512=[row.replace("  ", " *") for row in bag.manifest("sha512")])),
    "dot-slash": (
        lambda bag: bag.lines.update(sha512=[row.replace("data/", "./data/") for row in bag.manifest("sha512")])
    ),
    "other-form": other_form,
    "same-name": every(of("0.97"), lambda bag: line(f"{digest('sha512', b'second' + bytes([10]))}  {NFD}")(bag)),
    "same-name case": file("data/A.txt"),
    "system-file": file("data/.DS_Store"),
    "system-file windows": file("data/Thumbs.db"),
    "bag-in-bag": file("data/inner/bagit.txt"),
    "algorithm": also("manifest-whirlpool.txt", "".join(f"00  {name}\n" for name in FILES).encode()),
    "byte-order-mark": lambda bag: bag.lines.update(
        sha512=["\ufeff" + bag.manifest("sha512")[0], bag.manifest("sha512")[1]]
    ),
    "listed-twice": of("0.97", lambda bag: bag.manifest("sha512").append(bag.manifest("sha512")[0])),
}

OUTSIDE = (
    "../x",
    "data/../../x",
    "/etc/passwd",
    "~/.bashrc",
    "~root/x",
    "C:\\x",
    "C:/x",
    "\\\\?\\C:\\x",
    "data/..\\..\\x",
)

INVALID: dict[str, Change] = {
    "no declaration": lambda bag: bag.extra.update({"bagit.txt": b""}),
    "blank before the colon": declared(b"BagIt-Version : 1.0\nTag-File-Character-Encoding: UTF-8\n"),
    "two blanks after the colon": declared(b"BagIt-Version:  1.0\nTag-File-Character-Encoding: UTF-8\n"),
    "no blank after the colon": declared(b"BagIt-Version:1.0\nTag-File-Character-Encoding: UTF-8\n"),
    "blank at the beginning": declared(b" BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"),
    "blank at the end": declared(b"BagIt-Version: 1.0 \nTag-File-Character-Encoding: UTF-8\n"),
    "blank before the colon, 0.97": declared(b"BagIt-Version : 0.97\nTag-File-Character-Encoding: UTF-8\n"),
    "byte-order mark": declared(b"\xef\xbb\xbfBagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"),
    "no encoding": declared(b"BagIt-Version: 1.0\n"),
    "unknown encoding": declared(b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-99\n"),
    "encoding that is none": declared(b"BagIt-Version: 1.0\nTag-File-Character-Encoding: hex\n"),
    "third line": declared(b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nX: y\n"),
    "lines the other way round": declared(b"Tag-File-Character-Encoding: UTF-8\nBagIt-Version: 1.0\n"),
    "version that is no number": declared(b"BagIt-Version: one\nTag-File-Character-Encoding: UTF-8\n"),
    "version of the future": declared(b"BagIt-Version: 2.0\nTag-File-Character-Encoding: UTF-8\n"),
    "no manifest": lambda bag: setattr(bag, "algorithms", ()),
    "corrupt file": also(FIRST, b"FIRST\n"),
    "corrupt tag file": also("bag-info.txt", b"Contact-Name: Jun\n"),
    "extra file": also("data/extra"),
    "missing file": line("00" * 64 + "  data/missing"),
    "missing tag file": also("tagmanifest-sha512.txt", ("00" * 64 + "  gone.txt\n").encode()),
    "unknown checksums only": every(
        lambda bag: setattr(bag, "algorithms", ()), also("manifest-whirlpool.txt", f"00  {FIRST}\n".encode())
    ),
    "not in every manifest": not_in_one,
    "listed twice": lambda bag: bag.manifest("sha512").append(bag.manifest("sha512")[0]),
    "listed twice with another digest": of("0.97", line("00" * 64 + f"  {FIRST}")),
    "line without a path": line("00" * 64),
    "line that is a comment": line("#comment"),
    "payload outside data": line("00" * 64 + "  notes.txt"),
    "oxum of other bytes": info("Payload-Oxum: 14.2\n"),
    "oxum of other files": info("Payload-Oxum: 13.3\n"),
    "oxum that is no number": info("Payload-Oxum: many\n"),
    "information that is none": info("Contact-Name\n"),
    "text in another encoding": also("manifest-sha256.txt", b"\xff\xff  data/a.txt\n"),
    "fetch of an unlisted file": fetch("https://example.org/a 6 data/other\n"),
    "fetch of what is not there": every(fetch("https://example.org/a 6 data/b\n"), line("00" * 64 + "  data/b")),
    "fetch without an address": fetch(f"- 6 {FIRST}\n"),
    "fetch without a length": fetch(f"https://example.org/a {FIRST}\n"),
    "fetch outside": fetch("https://example.org/a 6 data/../../x\n"),
    **{f"path {path}": line("00" * 64 + f"  {path}") for path in OUTSIDE},
}


@pytest.mark.parametrize("case", VALID)
def test_valid(case: str, tmp_path: Path) -> None:
    bag = Bag()
    VALID[case](bag)
    report = verify(bag.write(tmp_path / "bag"))
    assert report.ok, report
    assert report.files >= len(bag.files)


@pytest.mark.parametrize("case", UNUSUAL)
def test_unusual_but_valid_with_a_warning(case: str, tmp_path: Path) -> None:
    bag = Bag()
    UNUSUAL[case](bag)
    report = verify(bag.write(tmp_path / "bag"))
    assert report.ok, report
    assert case.split()[0] in {warning.partition(":")[0] for warning in report.warnings}


@pytest.mark.parametrize("case", INVALID)
def test_invalid(case: str, tmp_path: Path) -> None:
    bag = Bag()
    INVALID[case](bag)
    report = verify(bag.write(tmp_path / "bag"))
    assert not report.ok
    assert not [warning for warning in report.warnings if "byte-order" in warning]


def test_what_is_usual_has_no_warning(tmp_path: Path) -> None:
    assert verify(Bag().write(tmp_path / "bag")).warnings == ()


def test_a_broken_line_hides_no_other_fault(tmp_path: Path) -> None:
    bag = Bag()
    line("nonsense")(bag)
    folder = bag.write(tmp_path / "bag")
    (folder / FIRST).write_bytes(b"FIRST\n")
    report = verify(folder)
    assert report.damaged == (FIRST,)
    assert report.problems == ("line: manifest-sha512.txt:3",)
