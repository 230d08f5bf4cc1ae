"""The one error of this library: a code and fields; sentences are made from them by whoever shows them."""


class CaptionError(Exception):
    """Root of all errors of `captions`. `code` is `captions.what`; `fields` hold what a sentence needs."""

    def __init__(self, code: str, **fields: object) -> None:
        self.code = code
        self.fields = fields
        super().__init__(code)

    def __str__(self) -> str:
        shown = ", ".join(f"{key}={value!r}" for key, value in self.fields.items())
        return f"{self.code} ({shown})" if shown else self.code

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.code, self.fields))


def _rebuild(code: str, fields: dict[str, object]) -> CaptionError:
    return CaptionError(code, **fields)
