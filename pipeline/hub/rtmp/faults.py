"""The two ways a peer goes wrong: it breaks the protocol (closed at once), or it is refused and told why."""


class ProtocolFault(Exception):
    """The peer broke the protocol or a limit. The text is ours and holds nothing that the peer sent."""


class Rejection(Exception):
    """The peer is told why, then closed.

    `code` is ours (`hub.wrong-key`), `fields` belong to it; `status` and `text` are what RTMP's onStatus says.
    """

    def __init__(self, code: str, status: str, text: str, **fields: object) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.text = text
        self.fields = fields
