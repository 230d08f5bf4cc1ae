"""`ekultura`: chooses the language, then parses and runs one command."""

import json
import os
import sys
from pathlib import Path

from pipeline.cli.language import choose, speak


def main() -> None:
    """The entry of the console script. Commands are imported only once the language is known."""
    speak(choose(sys.argv[1:], os.environ, Path.cwd()))
    import click

    from pipeline.cli.root import root

    try:
        sys.exit(root.main(prog_name="ekultura", standalone_mode=False) or 0)
    except click.ClickException as error:
        if "--json" not in sys.argv:
            error.show()
        else:
            body = {"code": "usage", "fields": {}, "message": error.format_message()}
            sys.stderr.write(json.dumps({"error": body}, ensure_ascii=False, indent=2) + "\n")
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)


if __name__ == "__main__":
    main()
