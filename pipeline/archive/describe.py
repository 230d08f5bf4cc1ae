"""One internal record of what a package holds; every format is a crosswalk from it. Here: Dublin Core."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime

from lxml import etree

from pipeline.clock import utc_text

DCTERMS = "http://purl.org/dc/terms/"
DCMITYPE = "http://purl.org/dc/dcmitype/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
VERSION = 1

# The media types of what the pipeline makes, by suffix.
MEDIA_TYPES = {
    ".mkv": "video/x-matroska",
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".ts": "video/mp2t",
    ".mpg": "video/mpeg",
    ".wav": "audio/x-wav",
    ".flac": "audio/flac",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".srt": "application/x-subrip",
    ".vtt": "text/vtt",
    ".ass": "text/x-ssa",
    ".ttml": "application/ttml+xml",
    ".stl": "application/x-ebu-stl",
    ".txt": "text/plain",
    ".html": "text/html",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
}


@dataclass(frozen=True, slots=True)
class CaptionTrack:
    """Where a caption track comes from: `file` under captions/, `state` automatic or approved (then by whom)."""

    file: str
    language: str
    state: str
    source: str
    made: datetime | None = None
    approved_by: str | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """What the archive knows of one recording. Times are aware; people stand here by id or as published.

    `identifier` names the package's folder and is the recording's short id. `audience` is the class's.
    """

    identifier: str
    title: str
    klass: str
    section: str
    publisher: str
    started: datetime
    ended: datetime | None = None
    duration_s: float | None = None
    recording: str = ""
    revision: int = 1
    description: str = ""
    creator: str = ""
    contributors: tuple[str, ...] = ()
    language: str = "pl"
    audience: str = "public"
    rights: str = ""
    place: str = ""
    subjects: tuple[str, ...] = ()
    funding: tuple[str, ...] = ()
    permalinks: tuple[str, ...] = ()
    captions: tuple[CaptionTrack, ...] = field(default=())


def as_json(description: Description) -> bytes:
    """The record itself: the same record gives the same bytes."""

    def plain(value: object) -> str:
        if isinstance(value, datetime):
            return utc_text(value)
        raise TypeError(type(value))

    record = {"version": VERSION, **asdict(description)}
    return (json.dumps(record, ensure_ascii=False, indent=2, default=plain) + "\n").encode()


def dublin_core(description: Description, files: tuple[str, ...] = ()) -> bytes:
    """Qualified Dublin Core (dcterms) as XML; `files` are the payload's paths, listed as parts and formats."""
    root = etree.Element("metadata", nsmap={"dcterms": DCTERMS, "dcmitype": DCMITYPE, "xsi": XSI})

    def add(term: str, text: str | None, kind: str | None = None, language: str | None = None) -> None:
        if not text:
            return
        element = etree.SubElement(root, f"{{{DCTERMS}}}{term}")
        element.text = xml_text(text)
        if kind:
            element.set(f"{{{XSI}}}type", kind)
        if language:
            element.set("{http://www.w3.org/XML/1998/namespace}lang", language)

    add("identifier", description.identifier)
    add("identifier", description.recording)
    for link in description.permalinks:
        add("identifier", link, "dcterms:URI")
    add("title", description.title, language=description.language)
    add("type", "MovingImage", "dcterms:DCMIType")
    add("description", description.description, language=description.language)
    add("subject", description.section, language="pl")
    for subject in (description.klass, *description.subjects):
        add("subject", subject, language="pl")
    add("creator", description.creator or description.publisher)
    for person in description.contributors:
        add("contributor", person)
    add("publisher", description.publisher)
    add("created", utc_text(description.started), "dcterms:W3CDTF")
    if description.ended is not None:
        add("temporal", _period(description.started, description.ended), "dcterms:Period")
    if description.duration_s is not None:
        add("extent", iso_duration(description.duration_s))
    add("spatial", description.place)
    add("language", description.language, "dcterms:RFC5646")
    add("rights", description.rights)
    add("accessRights", description.audience)
    for sentence in description.funding:
        add("provenance", sentence, language="pl")
    for media in sorted({MEDIA_TYPES.get(_suffix(name), "application/octet-stream") for name in files}):
        add("format", media, "dcterms:IMT")
    for name in files:
        add("hasPart", name)
    for track in description.captions:
        add("hasPart", " · ".join(part for part in (track.file, track.language, track.state, track.source) if part))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def iso_duration(seconds: float) -> str:
    """ISO 8601, such as PT1H02M03.5S."""
    whole = round(seconds * 1000)
    hours, rest = divmod(whole, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    text = f"{rest / 1000:.3f}".rstrip("0").rstrip(".")
    return f"PT{hours}H{minutes}M{text}S"


def xml_text(text: str) -> str:
    """`text` without the characters that XML 1.0 cannot hold."""
    return "".join(
        one for one in text if one in "\t\n\r" or (" " <= one <= "\ud7ff" or "\ue000" <= one != "\ufffe")
    )


def _period(start: datetime, end: datetime) -> str:
    return f"start={utc_text(start)}; end={utc_text(end)};"


def _suffix(name: str) -> str:
    dot = name.rfind(".")
    return name[dot:].lower() if dot >= 0 else ""
