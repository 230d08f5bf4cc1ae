"""e-kultura: the live-streaming and media-production pipeline of a municipal culture centre."""

__version__ = "0.1.0"
