"""A small, right station in a folder, for tests to spoil."""

from pathlib import Path

CONFIG = """\
station:
  name: Dom Kultury w Żółwinie
sources:
  camera-main: {camera: "BRIO"}
  camera-second: null
  slides: {screen: 1}
  media: null
  microphone: {audio: "USB"}
  sound-desk: null
destinations:
  facebook:
    kind: facebook
    page_id: 1234567890
    token: ${FACEBOOK_TOKEN}
  cable:
    kind: cable
    url: udp://239.10.10.10:5000
"""


def station(folder: Path, config: str = CONFIG, secrets: str = "FACEBOOK_TOKEN=tajny-zeton\n") -> Path:
    """Write config.yaml and secrets.env (0600) into `folder` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.yaml").write_text(config, encoding="utf-8")
    path = folder / "secrets.env"
    path.touch(mode=0o600)
    path.write_text(secrets, encoding="utf-8")
    return folder


def preset(folder: Path, name: str, text: str) -> Path:
    """Write a preset of the station's own, such as `classes/koncert`."""
    path = folder / "presets" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
