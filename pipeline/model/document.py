"""A YAML file with its lines: read as YAML 1.2 (17:30 stays a time, `no` a word), `${NAME}` filled in.

The only file, with the station's creation, that touches ruamel.yaml.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import YAMLError
from ruamel.yaml.parser import ParserError
from ruamel.yaml.scanner import ScannerError

from pipeline.model.faults import Faults, dotted, nearest

KeyPath = Sequence[str | int]

LARGEST = 256 * 1024  # bytes of one file: a hundred times what a station needs
MOST_VALUES = 20_000  # of one file, its aliases (`*name`) written out: else a few lines could fill the memory

_NAME = re.compile(r"\$\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Document:
    """`plain` holds dicts, lists and scalars with `${NAME}` filled in; `tree` remembers lines and raw text."""

    path: Path
    tree: Any
    plain: dict[str, Any]

    def line(self, path: KeyPath) -> int:
        """The line (from 1) of the key at `path`, or of its nearest ancestor that is in the file."""
        node: Any = self.tree
        line = 1
        for part in path:
            try:
                lines: Any = node.lc
                place = lines.item(part) if isinstance(node, list) else lines.key(part)
                line, node = place[0] + 1, node[part]
            except (KeyError, IndexError, AttributeError, TypeError):
                break
        return line

    def at(self, path: KeyPath) -> object:
        """The value at `path`, `${NAME}` filled in; None where nothing stands."""
        node: Any = self.plain
        for part in path:
            try:
                node = node[part]
            except (KeyError, IndexError, TypeError):
                return None
        return node

    def raw(self, path: KeyPath) -> object:
        """What stands in the file at `path`, with `${NAME}` unfilled; None where nothing does."""
        node = self.tree
        for part in path:
            try:
                node = node[part]
            except (KeyError, IndexError, TypeError):
                return None
        return node


def read_document(path: Path, faults: Faults, fill: Mapping[str, str] | None) -> Document | None:
    """Read one file; None (and a fault) where it is no YAML mapping.

    `fill` holds the names that `${NAME}` may stand for; None leaves them as they are (presets know none).
    """
    try:
        if path.stat().st_size > LARGEST:
            faults.add(path, 1, "", "too-large")
            return None
        text = path.read_text(encoding="utf-8-sig")
        tree = YAML(typ="rt").load(text)
    except OSError as error:
        faults.add(path, 1, "", "unreadable", error.strerror or "")
        return None
    except UnicodeDecodeError as error:
        faults.add(path, text_line(path, error.start), "", "not-utf8")
        return None
    except RecursionError:
        faults.add(path, 1, "", "broken-yaml", "brackets nested too deep")
        return None
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        faults.add(path, mark.line + 1 if mark else 1, "", "broken-yaml", _problem(error))
        return None
    if tree is None:
        tree = {}
    if not isinstance(tree, Mapping):
        faults.add(path, 1, "", "not-a-mapping", type(tree).__name__)
        return None
    bare = Document(path, tree, {})

    def filled(value: str, where: KeyPath) -> str:
        def one(match: re.Match[str]) -> str:
            name = match.group(1)
            if fill is not None and name in fill:
                return fill[name]
            known = nearest(name, (key for key in fill or () if not key.startswith("_")))
            hint = known if known.count(",") < 1 else ""
            faults.add(path, bare.line(where), dotted(where), "undefined-name", name, hint)
            return ""

        return value if fill is None else _NAME.sub(one, value)

    try:
        return Document(path, tree, _plain(tree, (), filled, itertools.count()))
    except (_TooMany, RecursionError):
        faults.add(path, 1, "", "too-large")
        return None


def _problem(error: YAMLError) -> str:
    """The reader's own words without what they quote of the file: it may be a secret."""
    words = str(getattr(error, "problem", None) or getattr(error, "context", None) or type(error).__name__)
    if isinstance(error, DuplicateKeyError):
        return words.split(" with value")[0]
    return words if isinstance(error, ScannerError | ParserError) else words.split("'")[0].split('"')[0].strip()


def text_line(path: Path, offset: int) -> int:
    """The line (from 1) that holds the byte at `offset`."""
    return path.read_bytes()[:offset].count(b"\n") + 1


class _TooMany(Exception):
    """More values than a file may hold."""


def _plain(
    node: Any, where: tuple[str | int, ...], filled: Callable[[str, KeyPath], str], number: Iterator[int]
) -> Any:
    if next(number) > MOST_VALUES:
        raise _TooMany
    if isinstance(node, Mapping):
        return {str(key): _plain(value, (*where, str(key)), filled, number) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value, (*where, index), filled, number) for index, value in enumerate(node)]
    if isinstance(node, str):
        return filled(str(node), where)
    if isinstance(node, bool) or node is None:
        return node
    if isinstance(node, int):
        return int(node)
    return float(node) if isinstance(node, float) else node
