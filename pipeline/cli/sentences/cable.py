"""Sentences of the cable leg: its settings, its encoder, and the way to the headend."""

from pipeline.cli.sentences.form import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "leg.bad-options": Sentence(
        N_("The cable feed {leg} cannot start: “{key}” is missing, unknown or no fitting value."),
        N_("The hub was given a cable preset that it does not understand."),
        N_("Look at the destination's preset in presets/destinations, run `ekultura check`, and try again."),
    ),
    "leg.bad-address": Sentence(
        N_("The cable feed {leg} cannot start: its address is none."),
        N_("An address is udp://, rtp:// or srt://, then HOST:PORT."),
        N_("Correct destinations.{leg}.url in config.yaml, then: ekultura leg add {leg}"),
    ),
    "leg.no-interface": Sentence(
        N_("The cable feed {leg} cannot leave by “{interface}”: this machine has no such network interface."),
        N_("Multicast leaves by the interface that is named in config.yaml."),
        N_(
            "Set destinations.{leg}.interface to the name or the address of the network card that leads to the "
            "headend, then: ekultura leg add {leg}"
        ),
    ),
    "leg.no-such-host": Sentence(
        N_("The cable feed {leg} does not find its headend: the host's name is unknown."),
        N_("The name in the address cannot be resolved; the network or its name server may be down."),
        N_("Check the cable and the address in config.yaml, or give the headend's number (such as 10.0.0.5)."),
    ),
    "leg.no-route": Sentence(
        N_("The cable feed {leg} no longer reaches the network: {detail}."),
        N_("The network card, its cable or the way to the headend is down."),
        N_("Check the network cable; the feed tries again by itself, at once with: ekultura leg retry {leg}"),
    ),
    "leg.srt-unreachable": Sentence(
        N_("The headend does not answer the cable feed {leg} (SRT)."),
        N_("It does not listen, a firewall is between, or passphrase or stream id are not what it expects."),
        N_("Ask the operator whether the input is open; the feed tries again by itself."),
    ),
    "leg.srt-lost": Sentence(
        N_("The connection of the cable feed {leg} to the headend broke (SRT)."),
        N_("The headend ended it, or the network was away for several seconds."),
        N_("The feed tries again by itself, at once with: ekultura leg retry {leg}"),
    ),
    "leg.no-ffmpeg": Sentence(
        N_("The cable feed cannot start: ffmpeg is not installed."),
        remedy=N_("Install ffmpeg 5.0 or newer (Debian: apt install ffmpeg; Windows: winget install Gyan.FFmpeg)."),
    ),
    "leg.encoder-failed": Sentence(
        N_("The encoder of the cable feed {leg} has ended with an error."),
        N_("It says: {detail}"),
        N_("The feed starts it anew by itself. If this comes again, take the preset cable-passthrough for now."),
    ),
}
