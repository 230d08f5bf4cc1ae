"""Captions alone: caption a file, check a track, convert between formats. Needs no station."""

from collections.abc import Iterable, Iterator
from gettext import gettext as _
from pathlib import Path

import click
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from captions import files, quality
from captions.formats import Fault
from captions.model import Finding
from captions.relayout import relaid
from captions.segment import segment
from captions.style import DEFAULT_STYLE, Style
from captions.stylefile import load_style
from captions.transcribe import transcribe
from pipeline.cli.common import Context, command, common_options, remember
from pipeline.cli.output import WARNINGS, told
from pipeline.errors import Refused
from pipeline.model.shipped import shipped_presets

PATH = click.Path(path_type=Path)


def add(root: click.Group) -> None:
    """Register the commands."""
    _add_caption(root)

    @root.group("captions", help=_("Look at caption files: check them, convert them."))
    @common_options
    def group(station: Path | None, as_json: bool, lang: str | None, debug: bool) -> None:
        remember(station, as_json, lang, debug)

    _add_check(group)
    _add_convert(group)


def _add_caption(root: click.Group) -> None:
    @command(
        root,
        "caption",
        help=_("Make captions for one file, without a station."),
        examples=(
            "ekultura caption wyklad.mp4 -o napisy",
            "ekultura caption koncert.mkv -o napisy --formats stl,ebu-tt-d,html,docx",
            "ekultura caption -o napisy --formats srt,vtt --model small -- -nagranie.mkv",
        ),
    )
    @click.argument("file", metavar="FILE", type=PATH)
    @click.option("-o", "--output", metavar="DIR", type=PATH, required=True, help=_("Folder for the captions."))
    @click.option("--formats", metavar="F,F", default="srt,vtt,txt", show_default=True, help=_formats())
    @click.option("--style", metavar="S", default="sdh-adult", show_default=True, help=_("Caption style."))
    @click.option("--engine", metavar="E", default="auto", show_default=True, help=_("Speech engine."))
    @click.option("--model", metavar="M", default="auto", show_default=True, help=_("Size, path, demo or auto."))
    @click.option("--language", metavar="L", default="pl", show_default=True, help=_("Language spoken."))
    @click.option("--glossary", metavar="F", type=PATH, help=_("Text file with names and terms, one a line."))
    def caption(
        context: Context,
        file: Path,
        output: Path,
        formats: str,
        style: str,
        engine: str,
        model: str,
        language: str,
        glossary: Path | None,
    ) -> int:
        endings = {name.strip(): files.ending_of(name.strip()) for name in formats.split(",")}
        chosen = _style(style)
        prompt = _prompt(glossary) if glossary else None
        _folder(output)  # before the listening, which may take an hour
        with _progress(context) as progress:
            task = progress.add_task(_("Listening"), total=1.0)
            heard = transcribe(
                file,
                engine=engine,
                model=model,
                language=language,
                prompt=prompt,
                progress=lambda share: progress.update(task, completed=share),
            )
        track = segment(
            heard.words,
            chosen,
            language=heard.language,
            duration_ms=heard.duration_ms,
            engine=heard.engine,
            model=heard.model,
        )
        written = [
            files.write_track(
                track, output / f"{file.stem}.{language}.{end}", format_name=name, style=chosen, title=file.stem
            )
            for name, end in endings.items()
        ]
        return _told(context, heard.findings, written, len(track.cues))


def _prompt(glossary: Path) -> str:
    """The glossary's terms in one line. Refused where it is no text in UTF-8."""
    try:
        if not glossary.is_file():
            raise Refused("usage.no-file", file=str(glossary))
        lines = glossary.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("usage.glossary", file=str(glossary)) from error
    return ", ".join(line.strip() for line in lines if line.strip())


def _folder(output: Path) -> None:
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused("usage.output", folder=str(output), detail=error.strerror or "") from error


def _told(context: Context, findings: tuple[Finding, ...], written: list[Path], cues: int) -> int:
    context.out.result(
        {
            "files": [str(path) for path in written],
            "cues": cues,
            "findings": [finding.to_dict() for finding in findings],
        }
    )
    for path in written:
        context.out.say(str(path))
    context.out.say(_("{n} captions, made automatically and not yet checked by a person.").format(n=cues))
    for finding in findings:
        context.out.warn(" ".join(told(finding.code, finding.to_dict() | finding.fields)))
    return WARNINGS if findings else 0


def _add_check(group: click.Group) -> None:
    @command(
        group,
        "check",
        help=_("Check a caption file against the rules; names each cue that breaks one."),
        examples=("ekultura captions check koncert.pl.srt",),
    )
    @click.argument("file", metavar="FILE", type=PATH)
    @click.option("--style", metavar="S", default="sdh-adult", show_default=True, help=_("Caption style."))
    def check(context: Context, file: Path, style: str) -> int:
        track, faults = files.recover(file)
        found = quality.check(track, _style(style))
        context.out.result(
            [{"line": one.line, "code": one.code, "hard": True, "fields": {"text": one.text}} for one in faults]
            + [{"cue": one.cue, "code": one.code, "hard": one.hard, "fields": one.fields} for one in found]
        )
        for text in _faults(faults):
            context.out.say(f"✗ {text}")
        for one in found:
            mark = "✗" if one.hard else "!"
            context.out.say(f"{mark} {one.cue}: " + " ".join(told(one.code, dict(one.fields))))
        broken = len(quality.hard(found)) + len(faults)
        context.out.say(
            _("{cues} captions, {hard} hard and {soft} soft faults.").format(
                cues=len(track.cues), hard=broken, soft=len(found) + len(faults) - broken
            )
        )
        return 1 if broken else WARNINGS if found else 0


def _add_convert(group: click.Group) -> None:
    @command(
        group,
        "convert",
        help=_("Convert a caption file; the formats are told by the files' endings."),
        examples=(
            "ekultura captions convert koncert.srt koncert.vtt",
            "ekultura captions convert koncert.srt koncert.stl",
            "ekultura captions convert koncert.srt pion.ass --style vertical --reflow",
        ),
    )
    @click.argument("source", metavar="IN", type=PATH)
    @click.argument("target", metavar="OUT", type=PATH)
    @click.option("--style", metavar="S", default="sdh-adult", show_default=True, help=_("Caption style."))
    @click.option("--reflow", is_flag=True, help=_("Cut captions and lines anew by the style."))
    def convert(context: Context, source: Path, target: Path, style: str, reflow: bool) -> int:
        track, faults = files.recover(source)
        chosen = _style(style)
        if reflow:
            track = relaid(track, chosen)
        files.write_track(track, target, style=chosen, title=target.stem)
        context.out.result(
            {
                "file": str(target),
                "cues": len(track.cues),
                "faults": [{"line": one.line, "code": one.code, "text": one.text} for one in faults],
            }
        )
        context.out.say(_("{file}: {n} captions.").format(file=target, n=len(track.cues)))
        warnings = [f"{source}: {text}" for text in _faults(faults)]
        if lost := files.signs_lost(track, files.format_of(target)):
            warnings.append(" ".join(told("captions.signs-lost", {"path": str(target), "signs": lost})))
        for text in warnings:
            context.out.warn(text)
        return WARNINGS if warnings else 0


def _faults(faults: Iterable[Fault]) -> Iterator[str]:
    """What was wrong in a file, a sentence with its line for each."""
    for one in faults:
        said = " ".join(told(one.code, {"text": one.text}))
        yield _("line {line}: {said}").format(line=one.line, said=said)


def _formats() -> str:
    """The help of an option that takes formats, with their names."""
    return _("Formats to write: {names}.").format(names=", ".join(files.NAMES))


def _style(name: str) -> Style:
    """A style by the name of a shipped preset, or by the path of a file."""
    path = Path(name)
    if path.suffix in {".yaml", ".yml"}:
        return load_style(path)
    shipped = shipped_presets() / "captions"
    if (shipped / f"{name}.yaml").exists():
        return load_style(shipped / f"{name}.yaml")
    if name == "sdh-adult":
        return DEFAULT_STYLE
    known = ", ".join(sorted(path.stem for path in shipped.glob("*.yaml")))
    raise Refused("usage.style", given=name, known=known)


def _progress(context: Context) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=context.out.errors, disable=context.out.as_json, transient=True)
