"""Check and compile the message catalogues: every English text has its Polish one, with the same fields.

Usage: python tools/catalogues.py [--write-missing]
Texts are gathered from pipeline/ (calls of _ and N_, and pgettext-free plain strings only). Polish lives in
pipeline/cli/locale/pl/AREA.po, a file an area; all of them become LC_MESSAGES/ekultura.mo.
"""

import argparse
import io
import string
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "pipeline" / "cli" / "locale" / "pl"
FIXED = datetime(2026, 1, 1, tzinfo=UTC)  # the same texts make the same file
MO = LOCALE / "LC_MESSAGES" / "ekultura.mo"


def gathered() -> dict[str | tuple[str, ...], str]:
    """Every text marked in the source, with the file that it stands in first."""
    found: dict[str | tuple[str, ...], str] = {}
    keywords = {"_": None, "N_": None, "ngettext": (1, 2)}
    for name, _line, message, _comments, _context in extract_from_dir(
        ROOT / "pipeline", [("**.py", "python"), ("**/templates/*.html", "jinja2")], keywords=keywords
    ):
        found.setdefault(message, name)
    return found


def translated() -> Catalog:
    """All areas' Polish texts in one catalogue."""
    merged = Catalog(locale="pl", domain="ekultura", creation_date=FIXED, revision_date=FIXED)
    for path in sorted(LOCALE.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="pl"):
                if message.id:
                    merged.add(message.id, message.string)
    return merged


def fields(text: str) -> set[str]:
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(text) if name}


def faults(found: dict[str | tuple[str, ...], str], catalogue: Catalog) -> list[str]:
    """What is missing or does not fit, a line each."""
    out = []
    for message, name in found.items():
        key = message if isinstance(message, str) else message[0]
        entry = catalogue.get(key)
        texts = [] if entry is None else [entry.string] if isinstance(entry.string, str) else entry.string
        if not texts or not all(texts):
            out.append(f"{name}: no Polish for {key!r}")
            continue
        out += [f"{name}: other fields in Polish for {key!r}" for text in texts if fields(text) - fields(key)]
    return out


def compiled(catalogue: Catalog) -> bytes:
    catalogue.header_comment = ""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compile nothing; the .mo must be up to date")
    parser.add_argument("--write-missing", action="store_true", help="write missing texts to missing.po")
    options = parser.parse_args()
    found, catalogue = gathered(), translated()
    wrong = faults(found, catalogue)
    for line in wrong:
        print(line, file=sys.stderr)
    if options.write_missing:
        missing = Catalog(locale="pl")
        for message in found:
            key = message if isinstance(message, str) else message[0]
            entry = catalogue.get(key)
            if entry is None or not entry.string:
                missing.add(message)
        with (LOCALE / "missing.po").open("wb") as file:
            write_po(file, missing, no_location=True, omit_header=False)
    fresh = compiled(catalogue)
    if not options.check:
        MO.parent.mkdir(parents=True, exist_ok=True)
        MO.write_bytes(fresh)
    elif not MO.exists() or MO.read_bytes() != fresh:
        print(f"{MO.relative_to(ROOT)} is not what the .po files make: run tools/catalogues.py", file=sys.stderr)
        return 1
    print(f"{len(found)} texts, {len(wrong)} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
