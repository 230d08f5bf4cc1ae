"""OBS Studio over its websocket: one attempt, then raise; `studio.ObsStudio` is the way in."""
