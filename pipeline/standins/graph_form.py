"""Reads a form's body, urlencoded or multipart, with the standard library alone: the demo runs without more."""

from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

from pipeline.standins.graph_faults import bad_parameter


@dataclass(frozen=True, slots=True)
class Form:
    """Fields, and files as name → (file name, content). A name given twice is an error."""

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)


def read_query(text: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), errors="strict")
    except (ValueError, UnicodeDecodeError) as error:
        raise bad_parameter("Malformed parameters") from error
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise bad_parameter(f"Param {name} is given twice")
        found[name] = value
    return found


def read_form(content_type: str, body: bytes) -> Form:
    """The form in `body`; an empty body is an empty form; a type that is no form is an error."""
    if not body:
        return Form()
    kind = content_type.split(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return Form(read_query(body.decode("ascii", "replace")))
    if kind != "multipart/form-data":
        raise bad_parameter(f"Unsupported content type {kind}")
    head = f"content-type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if not message.is_multipart():
        raise bad_parameter("Malformed multipart body")
    form = Form()
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes) or name in form.fields | form.files:
            raise bad_parameter("Malformed multipart body")
        file_name = part.get_filename()
        if file_name is None:
            form.fields[name] = content.decode("utf-8", "replace")
        else:
            form.files[name] = (file_name, content)
    return form
