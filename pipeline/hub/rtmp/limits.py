"""How much a peer may send, keep open or leave unread, in bytes and seconds; measured with OBS and ffmpeg."""

PUBLISH_DEADLINE_S = 3.0  # from the connection to an accepted publish
IDLE_S = 5.0  # a publisher that sends nothing for so long is gone
LINGER_S = 1.0  # a refused peer gets this long to read why
PENDING = 32  # connections that have not published; the oldest has to leave

CHUNK_STREAMS = 16  # OBS uses 3, ffmpeg 6
SMALLEST_CHUNK = 128  # smaller ones only burn processor time
COMMAND = 16 * 1024  # commands, metadata, control messages
AUDIO = 64 * 1024
VIDEO = 2 * 1024 * 1024  # one picture; a second at 6 Mb/s is 0.75 MB
STRANGER = 64 * 1024  # everything a peer may send before its key was accepted
UNREAD = 64 * 1024  # what we sent and the peer does not read

PIPE_HIGH = 8 * 1024 * 1024  # FLV bytes that wait for the demuxer: above this we stop reading …
PIPE_LOW = 2 * 1024 * 1024  # … and go on below this
PIPE_STALL_S = 10.0  # a demuxer asleep for so long costs the publisher its place

AMF_DEPTH = 8
AMF_VALUES = 512
