"""`ekultura published`: what a person read off Facebook where a pasted key was used, typed in once."""

from gettext import gettext as _

import click

from pipeline.cli.common import Context, command


def add(root: click.Group) -> None:
    """Register the command."""

    @command(
        root,
        "published",
        help=_("Keep the address and the viewers of a video that was published by hand."),
        examples=("ekultura published 7k2m9qfw facebook --permalink https://… --viewers 57",),
    )
    @click.argument("ident", metavar="ID")
    @click.argument("destination", metavar="NAME")
    @click.option("--permalink", metavar="URL", default="", help=_("The video's address."))
    @click.option("--viewers", metavar="N", default="", help=_("The most viewers at once."))
    def published(context: Context, ident: str, destination: str, permalink: str, viewers: str) -> int:
        from pipeline.app.handover import answered

        folder = answered(context.station(), ident, destination, permalink, viewers)
        context.out.result({"folder": str(folder), "permalink": permalink, "viewers": viewers})
        context.out.say(_("Kept in the journal of {folder}.").format(folder=folder.name))
        return 0
