"""Media tools: processes, ffmpeg graphs, probing, loudness, transport streams."""
