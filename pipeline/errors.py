"""The errors of the pipeline: a code and fields; sentences are made from them in the command line alone.

A code is `area.what` (`obs.wrong-password`). The command line's catalogue turns it, with the fields, into
what happened, why, and what to do next, in the reader's language. Library code never builds sentences.
"""


class PipelineError(Exception):
    """Root of all errors that are meant for people.

    `code` names the fault, `fields` hold what the sentence needs. No secret may be put into a field: errors
    are shown, logged and stored.
    """

    exit_code = 1

    def __init__(self, code: str, **fields: object) -> None:
        self.code = code
        self.fields = fields
        super().__init__(code)

    def __str__(self) -> str:
        shown = ", ".join(f"{key}={value!r}" for key, value in self.fields.items())
        return f"{self.code} ({shown})" if shown else self.code

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.code, self.fields))


def _rebuild(kind: type[PipelineError], code: str, fields: dict[str, object]) -> PipelineError:
    return kind(code, **fields)


class Refused(PipelineError):
    """The request itself is wrong (usage, configuration, state): nothing was begun. Exit code 2."""

    exit_code = 2


class Temporary(PipelineError):
    """It failed now and may work later: the supervisor may try again. Exit code 1."""


class Fatal(PipelineError):
    """It failed and trying again changes nothing until a person acts. Exit code 1."""
