"""A small RTMP acceptor: one H.264 and AAC publisher in, one FLV byte stream out. Standard library only."""
