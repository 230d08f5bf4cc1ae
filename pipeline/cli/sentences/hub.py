"""Sentences of the hub, its legs and the control connection."""

from pipeline.cli.sentences.form import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "hub.port-taken": Sentence(
        what=N_("The hub cannot listen on {host}:{port}."),
        why=N_("Another program uses this port, or the address does not belong to this computer."),
        remedy=N_("Close the other program, or choose another port in config.yaml: hub.listen."),
    ),
    "hub.wrong-key": Sentence(
        what=N_("A program tried to stream to the hub with a wrong key and was refused."),
        why=N_("OBS's stream settings are not those of this broadcast."),
        remedy=N_("Start the stream with ekultura live, which sets OBS up, and not by hand."),
    ),
    "hub.second-publisher": Sentence(
        what=N_("A second program tried to stream to the hub and was refused."),
        why=N_("The feed that is on air comes first."),
        remedy=N_("Stop the stream of the second OBS or program."),
    ),
    "hub.foreign-codec": Sentence(
        what=N_("The stream from OBS was refused: its codec is {codec}."),
        why=N_("The hub takes H.264 pictures and AAC sound alone, which every destination understands."),
        remedy=N_("Choose an H.264 encoder and AAC in OBS's output settings, and start the stream again."),
    ),
    "hub.incomplete-feed": Sentence(
        what=N_("The stream from OBS has no picture or no sound."),
        why=N_("The hub needs both before it can go on air."),
        remedy=N_("Check that OBS sends an audio track and that its encoder runs."),
    ),
    "hub.bad-feed": Sentence(
        what=N_("The stream from OBS could not be read ({error})."),
        why=N_("The data was damaged, or a program other than OBS sent it."),
        remedy=N_("Start the stream again. If it happens again, restart OBS."),
    ),
    "hub.record-failed": Sentence(
        what=N_("The hub's recording cannot be written ({error})."),
        why=N_("The disk is full, gone, or does not accept writing. The broadcast itself goes on."),
        remedy=N_("Free disk space; recording goes on by itself. OBS's own recording is a second copy."),
    ),
    "hub.piece-unreadable": Sentence(
        what=N_("A piece of the hub's recording holds no readable picture: {name}."),
        why=N_("The program or the computer stopped within its first moments."),
        remedy=N_("Nothing is needed: the file was kept under the name ending in .unreadable."),
    ),
    "hub.no-slate": Sentence(
        what=N_("There is no slate to show, and the hall stays on air."),
        why=N_("The slate is recorded through OBS while the broadcast is prepared, and that has not happened."),
        remedy=N_("Show a card instead: ekultura scene NAME. The names are in: ekultura status."),
    ),
    "hub.slate-missing": Sentence(
        what=N_("The slate's file {name} cannot be read ({error})."),
        why=N_("It was deleted or moved, or its disk is gone."),
        remedy=N_("The broadcast goes on without it. Start the next one anew, and the slate is recorded again."),
    ),
    "hub.slate-unreadable": Sentence(
        what=N_("The slate's file {name} cannot be used."),
        why=N_("It is damaged, or neither Matroska nor FLV."),
        remedy=N_("Record it through OBS, as ekultura live does by itself."),
    ),
    "hub.slate-large": Sentence(
        what=N_("The slate's file {name} cannot be used: it is larger than {megabytes} MB."),
        why=N_("A slate is a loop of a few seconds that is held in memory."),
        remedy=N_("Record some seconds only, as ekultura live does by itself."),
    ),
    "hub.slate-codec": Sentence(
        what=N_("The slate's file {name} cannot be used: its picture is {video}, its sound {audio}."),
        why=N_("Only H.264 and AAC, as OBS streams them, can take the programme's place without a break."),
        remedy=N_("Record it with the stream's own encoder, as ekultura live does by itself."),
    ),
    "hub.slate-mute": Sentence(
        what=N_("The slate's file {name} cannot be used: it has no sound."),
        why=N_("Without sound, if only silence, the destinations would drop the stream."),
        remedy=N_("Record it with an audio track, as ekultura live does by itself."),
    ),
    "hub.slate-no-keyframe": Sentence(
        what=N_("The slate's file {name} cannot be used: it has no keyframe."),
        why=N_("A picture that everything can begin with is missing; the recording was probably cut off."),
        remedy=N_("Record it again for longer than the encoder's keyframe interval."),
    ),
    "hub.slate-short": Sentence(
        what=N_("The slate's file {name} cannot be used: only {seconds} s of it make a loop."),
        why=N_("A loop goes from one keyframe to another and has to last a second at least."),
        remedy=N_("Record it again for longer than two keyframe intervals."),
    ),
    "hub.bad-leg": Sentence(
        what=N_("The hub was asked for a leg that it does not understand."),
        why=N_("The programs that talk to each other are of different versions."),
        remedy=N_("Update the whole program, and start the broadcast again."),
    ),
    "hub.leg-exists": Sentence(
        what=N_("The destination {name} is on air already."),
        remedy=N_("To connect it again, use: ekultura leg retry {name}."),
    ),
    "hub.no-such-leg": Sentence(
        what=N_("No destination named {name} is on air."),
        remedy=N_("See the names with: ekultura status."),
    ),
    "leg.unknown-kind": Sentence(
        what=N_("The destination {name} is of an unknown kind: {kind}."),
        remedy=N_("Use facebook, rtmp or cable in config.yaml: destinations."),
    ),
    "leg.refused": Sentence(
        what=N_("The destination refused the stream."),
        why=N_("The stream key is wrong or has expired, or the platform has ended this live video."),
        remedy=N_("Check the key or the live video on the platform, then use: ekultura leg retry."),
    ),
    "leg.unreachable": Sentence(
        what=N_("The destination cannot be reached."),
        why=N_("The network is down, the address is wrong, or the far end does not answer."),
        remedy=N_("Check the network and the address; the program tries again every few seconds."),
    ),
    "leg.tls": Sentence(
        what=N_("The destination could not prove who it is, and nothing was sent."),
        why=N_("Its certificate is wrong or expired, or something in the network pretends to be it."),
        remedy=N_("Check this computer's date and network; for an own server, set tls_ca in config.yaml."),
    ),
    "leg.lost": Sentence(
        what=N_("The connection to the destination broke."),
        why=N_("The network failed or the far end closed it."),
        remedy=N_("Nothing is needed: the program connects again by itself."),
    ),
    "leg.stuck": Sentence(
        what=N_("The destination took no data for several seconds, and its connection was closed."),
        why=N_("The up-link is too slow, or the far end has fallen asleep."),
        remedy=N_("The program connects again by itself; if it happens often, choose a lower bitrate."),
    ),
    "leg.no-room": Sentence(
        what=N_("The backup connection is silent: the up-link has no room for it."),
        why=N_("The first connection, and the other destinations, come first."),
        remedy=N_("Nothing is needed: it comes back when there is room."),
    ),
    "leg.died": Sentence(
        what=N_("The program part for one destination ended unexpectedly."),
        why=N_("It was killed, or there is a defect in it; the other destinations were not touched."),
        remedy=N_("Nothing is needed: it is started again. Details are in the hub's log."),
    ),
    "leg.not-started": Sentence(
        what=N_("The program part for one destination could not be started."),
        why=N_("The system is short of memory or processes, or the installation is incomplete."),
        remedy=N_("Close other programs; if it goes on, install the program again."),
    ),
    "control.not-running": Sentence(
        what=N_("No broadcast is on air on this station."),
        why=N_("The program that was to be asked does not run."),
        remedy=N_("Start one with: ekultura live CLASS."),
    ),
    "control.no-answer": Sentence(
        what=N_("The running broadcast did not answer in time ({do})."),
        why=N_("It is very busy, or it hangs."),
        remedy=N_("Try again in a few seconds; to end everything at once: ekultura stop --now."),
    ),
    "control.wrong-token": Sentence(
        what=N_("The running broadcast did not accept the request."),
        why=N_("It was restarted in between, or the request did not come from this station."),
        remedy=N_("Try again."),
    ),
    "control.unknown": Sentence(
        what=N_("The running broadcast does not know the request {do}."),
        why=N_("It was started by another version of the program."),
        remedy=N_("Use the version that started it, or end it and start again."),
    ),
    "control.failed": Sentence(
        what=N_("The request {do} failed inside the program ({error})."),
        why=N_("This is a defect of the program."),
        remedy=N_("Details are in the log in the broadcast's folder; please report them."),
    ),
}
