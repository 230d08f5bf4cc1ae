"""Bags by hand, for what no writer makes: any version, encoding, manifest line or missing piece."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

FILES: Mapping[str, bytes] = {"data/a.txt": b"first\n", "data/folder/\u017c\u00f3\u0142w.txt": b"second\n"}


def digest(algorithm: str, data: bytes) -> str:
    return hashlib.new(algorithm, data).hexdigest()


@dataclass
class Bag:
    """A bag to be written: change what the case is about, then `write`. `manifests`: algorithm → lines."""

    version: str = "1.0"
    encoding: str = "UTF-8"
    files: dict[str, bytes] = field(default_factory=lambda: dict(FILES))
    algorithms: tuple[str, ...] = ("sha512",)
    info: str | None = "Contact-Name: Jan\n"
    declaration: bytes | None = None
    lines: dict[str, list[str]] = field(default_factory=dict)
    extra: dict[str, bytes] = field(default_factory=dict)  # written, but in no manifest
    tag_manifest: bool = True
    ends: str = "\n"

    def manifest(self, algorithm: str) -> list[str]:
        """The lines of a manifest, to be changed."""
        rows = [f"{digest(algorithm, data)}  {name}" for name, data in self.files.items()]
        return self.lines.setdefault(algorithm, rows)

    def write(self, folder: Path) -> Path:
        declared = f"BagIt-Version: {self.version}\nTag-File-Character-Encoding: {self.encoding}\n".encode()
        tags = {"bagit.txt": self.declaration or declared}
        if self.info is not None:
            tags["bag-info.txt"] = self.info.encode(self.encoding)
        for name in self.algorithms:
            text = "".join(f"{line}{self.ends}" for line in self.manifest(name))
            tags[f"manifest-{name}.txt"] = text.encode(self.encoding)
        if self.tag_manifest:
            for name in self.algorithms:
                rows = "".join(
                    f"{digest(name, data)}  {tag}\n" for tag, data in tags.items() if "tagman" not in tag
                )
                tags[f"tagmanifest-{name}.txt"] = rows.encode(self.encoding)
        (folder / "data").mkdir(parents=True)
        for name, data in {**self.files, **tags, **self.extra}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        return folder
