"""Draw docs/chain.svg and docs/chain.pl.svg: what happens between the camera and the archive.

Usage: python tools/chain_picture.py
"""

from html import escape
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
INK, PAPER, LINE, RED, GREEN, BLUE = "#1f2430", "#ffffff", "#8a93a6", "#c8102e", "#2f7d4f", "#2b5ea8"
WORDS = {
    "chain.svg": {
        "title": "One broadcast: from the hall to the viewers, and into the archive",
        "live": "LIVE", "after": "BY ITSELF, AFTER THE EVENT",
        "hall": ("Hall", "cameras, microphones, slides"),
        "obs": ("OBS Studio", "scenes of the class"),
        "hub": ("Hub", "one clock; one process a destination"),
        "facebook": ("Facebook", "live video of the page"),
        "cable": ("Cable TV", "transport stream to the headend"),
        "record": ("Recording", "on the disk, second by second"),
        "captions": ("Captions", "Whisper, in Polish, for Deaf viewers"),
        "videos": ("Videos", "for the web and with open captions"),
        "upload": ("Captions on Facebook", "added to the finished video"),
        "archive": ("Archive package", "checksums, description, journal"),
    },
    "chain.pl.svg": {
        "title": "Jedna transmisja: z sali do widzów i do archiwum",
        "live": "NA ŻYWO", "after": "SAMO, PO WYDARZENIU",
        "hall": ("Sala", "kamery, mikrofony, slajdy"),
        "obs": ("OBS Studio", "sceny rodzaju wydarzenia"),
        "hub": ("Rozdzielacz", "jeden zegar; osobny proces na tor"),
        "facebook": ("Facebook", "transmisja na stronie"),
        "cable": ("Telewizja kablowa", "strumień do stacji czołowej"),
        "record": ("Nagranie", "na dysku, sekunda po sekundzie"),
        "captions": ("Napisy", "Whisper, po polsku, dla niesłyszących"),
        "videos": ("Filmy", "do internetu i z napisami w obrazie"),
        "upload": ("Napisy na Facebooku", "dodane do gotowego filmu"),
        "archive": ("Paczka archiwalna", "sumy kontrolne, opis, dziennik"),
    },
}  # fmt: skip
WIDTH, HEIGHT = 236, 62
BOXES = {
    "hall": (30, 150, LINE), "obs": (30, 270, LINE), "hub": (362, 150, RED),
    "facebook": (694, 90, RED), "cable": (694, 170, RED), "record": (694, 250, RED),
    "captions": (694, 372, GREEN), "videos": (362, 372, GREEN),
    "upload": (694, 452, GREEN), "archive": (362, 452, BLUE),
}  # fmt: skip
ARROWS = (
    "M148 212 V270", "M266 301 H314 V181 H362", "M598 181 H646 V121 H694", "M598 181 H646 V201 H694",
    "M598 181 H646 V281 H694", "M812 312 V372", "M694 403 H598", "M812 434 V452", "M480 434 V452",
)  # fmt: skip


def box(name: str, words: tuple[str, str]) -> str:
    x, y, colour = BOXES[name]
    title, below = map(escape, words)
    return (
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="9" fill="{PAPER}" '
        f'stroke="{colour}" stroke-width="2"/>'
        f'<text x="{x + WIDTH / 2}" y="{y + 26}" class="name">{title}</text>'
        f'<text x="{x + WIDTH / 2}" y="{y + 46}" class="below">{below}</text>'
    )


def picture(words: dict[str, str | tuple[str, str]]) -> str:
    title = escape(str(words["title"]))
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 540" role="img" '
        f'aria-label="{title}" font-family="DejaVu Sans, Segoe UI, Arial, sans-serif">',
        f"<title>{title}</title>",
        f"<style>text{{fill:{INK}}}.name{{font-size:16px;font-weight:bold;text-anchor:middle}}"
        ".below{font-size:11px;text-anchor:middle;fill:#4d5566}.band{font-size:13px;font-weight:bold;"
        "letter-spacing:1px}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        f'orient="auto"><path d="M0 0 L8 4 L0 8 Z" fill="{INK}"/></marker></defs>',
        f'<rect width="960" height="540" rx="14" fill="#f4f5f8"/><text x="480" y="36" class="name">{title}</text>',
        f'<circle cx="40" cy="66" r="7" fill="{RED}"/><text x="54" y="71" class="band" style="fill:{RED}">'
        f"{escape(str(words['live']))}</text>",
        f'<path d="M20 342 H940" stroke="{LINE}" stroke-dasharray="5 5"/>',
        f'<text x="30" y="366" class="band" style="fill:{GREEN}">{escape(str(words["after"]))}</text>',
    ]
    parts += [
        f'<path d="{path}" fill="none" stroke="{INK}" stroke-width="1.8" marker-end="url(#tip)"/>'
        for path in ARROWS
    ]
    parts += [box(name, text) for name, text in words.items() if isinstance(text, tuple)]
    return "\n".join([*parts, "</svg>", ""])


def main() -> None:
    for name, words in WORDS.items():
        (DOCS / name).write_text(picture(words), "utf-8")


if __name__ == "__main__":
    main()
