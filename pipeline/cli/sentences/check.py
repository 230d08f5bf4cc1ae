"""What the pre-flight says: good findings in a few words, bad ones with their remedy."""

from pipeline.cli.sentences.form import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "check.version": Sentence(
        what=N_("version {version}"),
    ),
    "check.ffmpeg-without": Sentence(
        what=N_("This ffmpeg ({version}) was built without: {missing}."),
        remedy=N_("Install your system's full ffmpeg package."),
    ),
    "check.fonts": Sentence(
        what=N_("{fonts}"),
    ),
    "check.folder": Sentence(
        what=N_("{folder}"),
    ),
    "check.port": Sentence(
        what=N_("{address} is free"),
    ),
    "check.sqlite": Sentence(
        what=N_("SQLite, up to date"),
    ),
    "check.postgresql": Sentence(
        what=N_("PostgreSQL, up to date"),
    ),
    "check.model": Sentence(
        what=N_("{model}"),
    ),
    "check.disk": Sentence(
        what=N_("{free_gb} GB free, {needed_gb} GB needed: enough for {hours} h"),
    ),
    "check.memory-free": Sentence(
        what=N_("{free_gb} GB free"),
    ),
    "check.memory": Sentence(
        what=N_("Only {free_mb} MB of memory are free; OBS and the hub need {needed_mb} MB."),
        remedy=N_("Close the browser and other programs, or restart the computer."),
    ),
    "check.memory-low": Sentence(
        what=N_("{free_mb} MB of memory are free; {good_mb} MB would be comfortable."),
        remedy=N_("Close the browser and other programs before the event."),
    ),
    "check.no-battery": Sentence(
        what=N_("mains only, no battery"),
    ),
    "check.mains": Sentence(
        what=N_("on the mains, battery at {percent} %"),
    ),
    "check.battery": Sentence(
        what=N_("The computer runs on its battery ({percent} %)."),
        remedy=N_("Plug in the charger."),
    ),
    "check.battery-low": Sentence(
        what=N_("The computer runs on its battery, and only {percent} % are left."),
        remedy=N_("Plug in the charger now."),
    ),
    "check.awake": Sentence(
        what=N_("stays awake"),
    ),
    "check.sleep-unknown": Sentence(
        what=N_("no setting found that would send it to sleep"),
    ),
    "check.sleep": Sentence(
        what=N_("The computer goes to sleep after {minutes} min without keyboard or mouse."),
        why=N_("Setting: {setting}."),
        remedy=N_("Switch sleep off for the time of the event."),
    ),
    "check.clock-right": Sentence(
        what=N_("kept by a time server, right to {error_ms} ms, {zone}"),
    ),
    "check.clock-unknown": Sentence(
        what=N_("{time}, {zone}; the system does not say who keeps it right"),
    ),
    "check.clock-free": Sentence(
        what=N_("No time server keeps this computer's clock right."),
        why=N_("Journal and captions use its time; a clock far off also breaks secure connections."),
        remedy=N_("Switch on automatic time in the system's settings (Debian: timedatectl set-ntp true)."),
    ),
    "check.clock-late": Sentence(
        what=N_("This computer's clock may be wrong by {error_ms} ms."),
        remedy=N_("Check the connection to the time server in the system's settings."),
    ),
    "check.zone": Sentence(
        what=N_("The computer's time zone is not the station's ({zone}): its clock shows {here}."),
        remedy=N_("Set the same zone in the system, or correct station.timezone in config.yaml."),
    ),
    "check.named-file": Sentence(
        what=N_("config.yaml names a file that is not there: {file} ({key})."),
        remedy=N_("Put the file there, or correct its name."),
    ),
    "check.on-air": Sentence(
        what=N_("not looked at: a broadcast of this station is on air"),
    ),
    "check.scenes": Sentence(
        what=N_("{count}: {names}"),
    ),
    "check.encoder": Sentence(
        what=N_("{picture}, {fps} fps, no frame lost, processor at {busy} %"),
    ),
    "check.encoder-late": Sentence(
        what=N_("The computer does not keep up: {fps} of {wanted} frames a second, {percent} % lost."),
        why=N_("{picture}, x264 {preset}: {lagged} frames not drawn in time, {skipped} not encoded in time."),
        remedy=N_(
            "Close other programs; else choose a smaller encoder preset for the class, or a lighter x264_preset."
        ),
    ),
    "check.encoder-loses": Sentence(
        what=N_("The computer loses {percent} % of the frames."),
        why=N_("{picture}, x264 {preset}: {lagged} not drawn in time, {skipped} not encoded in time."),
        remedy=N_("Close other programs and check again with --again."),
    ),
    "check.encoder-tight": Sentence(
        what=N_("{picture}: no frame lost, but the processor is at {busy} %."),
        remedy=N_("Close other programs; the legs and live captions need some of it too."),
    ),
    "check.delivers": Sentence(
        what=N_("{width}×{height}, moving"),
    ),
    "check.shown": Sentence(
        what=N_("{width}×{height}"),
    ),
    "check.plays": Sentence(
        what=N_("sound only, playing"),
    ),
    "check.no-file": Sentence(
        what=N_("The file is not there: {file}."),
        remedy=N_("Put it there, or correct config.yaml (sources)."),
    ),
    "check.no-picture": Sentence(
        what=N_("No picture comes from {what}."),
        why=N_("OBS has the source, but nothing in it: unplugged, switched off, or held by another program."),
        remedy=N_("Check cable and power, close other programs that use the camera, then check again."),
    ),
    "check.not-playing": Sentence(
        what=N_("{what} does not play (OBS: {state})."),
        remedy=N_("Open the file in a player: it may be damaged, or not a film at all."),
    ),
    "check.stalled": Sentence(
        what=N_("{what} stands still: neither its time nor its picture moves."),
        why=N_("A far camera is gone, or the player hangs; OBS goes on calling it playing."),
        remedy=N_("Check the camera's network and address, then switch the source off and on in OBS."),
    ),
    "check.frozen": Sentence(
        what=N_("The picture of {what} is frozen."),
        why=N_("Every look gave the very same picture; a living camera has at least noise."),
        remedy=N_("Unplug the camera and plug it in again; look for a pause or freeze button on it."),
    ),
    "check.black": Sentence(
        what=N_("The picture of {what} is black."),
        remedy=N_("Take off the lens cap, switch on the light, open the iris; then check again."),
    ),
    "check.black-screen": Sentence(
        what=N_("The picture is black."),
        remedy=N_("Put the slides on the screen that config.yaml names, and check again."),
    ),
    "check.heard": Sentence(
        what=N_("peak {peak_db} dB, level {level_db} dB, noise {floor_db} dB"),
    ),
    "check.muted": Sentence(
        what=N_("It is muted in OBS."),
        remedy=N_("Click the loudspeaker beside it in OBS's audio mixer."),
    ),
    "check.no-sound": Sentence(
        what=N_("OBS hears nothing of it at all."),
        why=N_("The device is gone, or another program holds it."),
        remedy=N_("Plug it in again; compare its name in config.yaml (sources) with the one that OBS shows."),
    ),
    "check.dead-microphone": Sentence(
        what=N_("Dead: not even noise comes from it."),
        why=N_("A living microphone gives at least its room's noise."),
        remedy=N_(
            "Switch it on, check battery, cable and the mixer's channel; then speak into it and check again."
        ),
    ),
    "check.one-side": Sentence(
        what=N_("Only one side sounds ({strong_db} dB and {weak_db} dB)."),
        remedy=N_("Check the plug; else tick “Mono” for it in OBS: Edit → Advanced Audio Properties."),
    ),
    "check.clipping": Sentence(
        what=N_("Too loud: it touched full scale {times} times (peak {peak_db} dB)."),
        remedy=N_(
            "Turn the gain down at the microphone or mixer, not in OBS: what is cut off there stays cut off."
        ),
    ),
    "check.quiet": Sentence(
        what=N_("Quiet: the loudest moment had {peak_db} dB."),
        why=N_("Nobody spoke during the check, or the gain is too low."),
        remedy=N_("Speak into it while checking again; right are peaks between −20 and −6 dB."),
    ),
    "check.noisy": Sentence(
        what=N_("It never gets quieter than {floor_db} dB: noise or hum (level {level_db} dB)."),
        remedy=N_("Pause while checking; if it stays, look for a fan nearby, an open line, or a bad cable."),
    ),
    "check.sent": Sentence(
        what=N_("{picture}, {mbit} Mb/s"),
    ),
    "check.sent-cable": Sentence(
        what=N_("{picture}, {mbit} Mb/s, {lufs} LUFS"),
    ),
    "check.keyframes": Sentence(
        what=N_("A keyframe every {seconds} s is too rare: at most every {limit} s is taken."),
        remedy=N_("Set keyframe_s: 2 in the encoder preset."),
    ),
    "check.keyframes-unlike": Sentence(
        what=N_("A keyframe every {seconds} s is taken; every {wanted} s is recommended."),
        remedy=N_("Set keyframe_s: 2 in the encoder preset."),
    ),
    "check.sound-bitrate": Sentence(
        what=N_("Sound at {kbps} kb/s is too much: at most {limit}."),
        remedy=N_("Set audio_kbps: 128 in the encoder preset."),
    ),
    "check.key-open": Sentence(
        what=N_("The address is rtmp://: the stream key travels where anybody on the way can read it."),
        remedy=N_("Use the service's rtmps:// address, if it has one."),
    ),
    "check.level": Sentence(
        what=N_("The picture {picture} needs H.264 level {level}; up to {limit} is taken."),
        remedy=N_("Choose 1080p25 or 720p25 as the class's encoder."),
    ),
    "check.bitrate-high": Sentence(
        what=N_("{kbps} kb/s is too much for this picture: Facebook names {least} to {most}."),
        remedy=N_("Lower video_kbps in the encoder preset."),
    ),
    "check.bitrate-low": Sentence(
        what=N_("{kbps} kb/s is little for this picture: Facebook names {least} to {most}."),
        remedy=N_("Raise video_kbps in the encoder preset, or choose a smaller picture."),
    ),
    "check.too-long": Sentence(
        what=N_("{hours} h are planned; Facebook ends a live video after {limit} h."),
        remedy=N_("Plan two broadcasts, or shorten the class's length."),
    ),
    "check.loudness": Sentence(
        what=N_("The preset's loudness is {lufs} LUFS; television wants −23 (EBU R 128)."),
        remedy=N_("Set loudness_lufs: -23.0, unless the operator wants it otherwise."),
    ),
    "check.true-peak": Sentence(
        what=N_("The preset lets peaks reach {dbtp} dBTP; television wants at most −1."),
        remedy=N_("Set true_peak_dbtp: -1.0."),
    ),
    "check.mux-full": Sentence(
        what=N_("{kbps} kb/s of picture do not fit into the feed of {mux_kbps} kb/s."),
        remedy=N_("Raise mux_kbps in the cable preset, or choose a smaller encoder preset."),
    ),
    "check.frame-rate": Sentence(
        what=N_("Pass-through sends {fps} frames a second; television here has 25 or 50."),
        remedy=N_("Choose an encoder preset with 25 frames a second, or another cable preset."),
    ),
    "check.no-headend-size": Sentence(
        what=N_("{picture} is no size of television here."),
        remedy=N_("Ask the operator; usual are cable-576i25 and cable-1080i25."),
    ),
    "check.multicast-anywhere": Sentence(
        what=N_("Multicast leaves by whichever network card the system picks."),
        why=N_("The wrong one floods the house's Wi-Fi, and the operator gets nothing."),
        remedy=N_("Name the card towards the operator: destinations.….interface in config.yaml."),
    ),
    "check.multicast-at-home": Sentence(
        what=N_("With ttl 0 multicast never leaves this computer."),
        remedy=N_("Set ttl to 1, or to what the operator names."),
    ),
    "check.ingest-tls": Sentence(
        what=N_("{host} answers, secured ({version})"),
    ),
    "check.ingest": Sentence(
        what=N_("{host} answers"),
    ),
    "check.ingest-open": Sentence(
        what=N_("{host} is reached without TLS; Facebook takes rtmps:// alone."),
        remedy=N_("Take the address that begins with rtmps:// from Live Producer."),
    ),
    "check.ingest-stranger": Sentence(
        what=N_("{host} cannot prove that it is {host}."),
        why=N_("Its certificate is not valid here: a wrong clock, a captive Wi-Fi page, or somebody in between."),
        remedy=N_("Open a web page first to see whether the network wants a login; check the clock."),
    ),
    "check.ingest-silent": Sentence(
        what=N_("{host} does not answer at port {port}."),
        why=N_("No internet, a firewall, or the service is down."),
        remedy=N_("Check the network; ask whoever runs it to let port {port} out."),
    ),
    "check.no-name": Sentence(
        what=N_("The name {host} is not known here."),
        remedy=N_("Check the internet connection, and the address in config.yaml (destinations)."),
    ),
    "check.no-interface": Sentence(
        what=N_("This computer has no network card {interface}."),
        remedy=N_("Plug in the operator's cable, or correct destinations.….interface in config.yaml."),
    ),
    "check.no-route": Sentence(
        what=N_("There is no way from this computer to {host}."),
        remedy=N_("Check the network cable and the card's address."),
    ),
    "check.route": Sentence(
        what=N_("to {host} from {source}"),
    ),
    "check.page": Sentence(
        what=N_("token and Page are right"),
    ),
    "check.nowhere": Sentence(
        what=N_("counted, sent nowhere"),
    ),
    "check.frames": Sentence(
        what=N_("{lost} frames lost ({percent} %)"),
    ),
    "check.would-get": Sentence(
        what=N_("{frames} frames, {kbps} kb/s, {dropped} dropped"),
    ),
    "check.leg-not-up": Sentence(
        what=N_("This leg sent nothing (state: {state}, error: {error})."),
        remedy=N_("Rehearse once more, for longer; run `ekultura check`."),
    ),
    "check.master": Sentence(
        what=N_("{seconds} s, {kbps} kb/s"),
    ),
    "check.public": Sentence(
        what=N_("everybody"),
    ),
    "check.participants": Sentence(
        what=N_("the participants"),
    ),
    "check.nobody": Sentence(
        what=N_("nobody: it is only recorded"),
    ),
    "check.sent-to": Sentence(
        what=N_("{names}, {length} planned"),
    ),
}
