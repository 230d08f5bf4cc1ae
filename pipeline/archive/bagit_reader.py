"""The only file that knows the library `bagit`: what a bag says of itself, before a byte is compared."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import bagit

from pipeline.errors import Fatal

# The library tells every fault to its own log as well; ours is the report.
logging.getLogger("bagit").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class BagSays:
    """A bag's own words: digests by POSIX path and algorithm, for the payload and for the tag files.

    `payload_algorithms` are those of the payload manifests; `oxum` is (bytes, files) or None.
    """

    version: tuple[int, ...]
    payload: Mapping[str, Mapping[str, str]]
    tags: Mapping[str, Mapping[str, str]]
    payload_algorithms: tuple[str, ...]
    oxum: tuple[int, int] | None
    info: Mapping[str, str]


def read_bag(path: Path) -> BagSays:
    """Read declaration, information and manifests. Fatal `archive.no-bag` with the library's own reason."""
    try:
        bag = bagit.Bag(str(path))
        bag._validate_structure()
        bag._validate_bagittxt()
        bag.validate_fetch()
        entries = {str(Path(name).as_posix()): digests for name, digests in bag.entries.items()}
        algorithms = tuple(Path(name).stem.removeprefix("manifest-") for name in bag.manifest_files())
        info = {str(key): _first(value) for key, value in bag.info.items()}
        return BagSays(
            version=tuple(bag.version_info),
            payload={name: digests for name, digests in entries.items() if name.startswith("data/")},
            tags={name: digests for name, digests in entries.items() if not name.startswith("data/")},
            payload_algorithms=algorithms,
            oxum=_oxum(info.get("Payload-Oxum")),
            info=info,
        )
    except (bagit.BagError, OSError, ValueError, LookupError) as error:
        raise Fatal("archive.no-bag", path=str(path), detail=str(error)) from error


def _first(value: object) -> str:
    return str(value[0]) if isinstance(value, list) else str(value)


def _oxum(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    size, _, count = text.partition(".")
    return int(size), int(count)
