"""Sentences of the broadcast itself: beginning, control, ending, and what its watch finds."""

from pipeline.cli.sentences.form import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "live.none": Sentence(
        N_("Nothing is on air at this station."),
        remedy=N_("Begin with: ekultura live CLASS"),
    ),
    "live.already": Sentence(
        N_("A broadcast is on air at this station already."),
        N_("Its folder is {folder}."),
        N_("See it with `ekultura status --watch`, or end it with `ekultura stop`."),
    ),
    "live.end-passed": Sentence(
        N_("The planned end, {until}, has passed already."), remedy=N_("Give a later --until or a --for.")
    ),
    "live.port-taken": Sentence(
        N_("Another program listens on {address}, where the hub is to listen."),
        remedy=N_("End that program, or set another hub.listen in config.yaml."),
    ),
    "live.address-foreign": Sentence(
        N_("{address}, where the hub is to listen, is not an address of this computer."),
        remedy=N_("Set hub.listen in config.yaml to 127.0.0.1:1936."),
    ),
    "usage.nothing-typed": Sentence(N_("Nothing was typed in."), remedy=N_("Give --permalink, --viewers or both.")),
    "live.disk": Sentence(
        N_("Too little disk space: {needed_mb} MB are needed in {folder}, {free_mb} MB are free."),
        N_("Both recordings of the planned length must fit, and a third more."),
        N_("Free some space, plan a shorter event, or set another folders.recordings in config.yaml."),
    ),
    "live.not-writable": Sentence(
        N_("The folder {folder} cannot be written to: {why}."),
        remedy=N_("Give yourself the right to write there, or set another folder in config.yaml."),
    ),
    "live.not-on-air": Sentence(
        N_("The broadcast is not on air after {seconds} seconds."),
        N_("Its processes have left their logs in {folder}."),
        N_("End it with `ekultura stop --now`, run `ekultura check`, and try again."),
    ),
    "live.not-closed": Sentence(
        N_("The broadcast has not closed in time; its recordings are in {folder}."),
        remedy=N_("Try `ekultura stop --now`; the after-work begins once it has closed."),
    ),
    "live.no-answer": Sentence(
        N_("The broadcast has not answered for {seconds} seconds; what is on air may go on."),
        remedy=N_("`ekultura status` asks again; `ekultura stop --now` ends everything."),
    ),
    "live.no-hub": Sentence(
        N_("The hub has not answered for {seconds} seconds."),
        remedy=N_("Look at hub.log in the broadcast's folder air/, run `ekultura check`, and try again."),
    ),
    "live.hub-not-ended": Sentence(
        N_("The hub has not ended after {seconds} seconds; its recording may still be open."),
        remedy=N_("The after-work takes it as it is; nothing of it is lost."),
    ),
    "live.unknown-scene": Sentence(N_("The class has no scene “{scene}”."), remedy=N_("It has these: {known}.")),
    "live.empty-marker": Sentence(N_("A marker needs a text."), remedy=N_("ekultura marker 'what happens now'")),
    "live.unknown-destination": Sentence(
        N_("There is no destination “{destination}” in config.yaml."),
        remedy=N_("Add it under destinations, then: ekultura leg add {destination}"),
    ),
    "live.bad-minutes": Sentence(N_("{given} is no number of minutes from 1 to 480.")),
    "live.no-cable-preset": Sentence(
        N_("The cable destination {destination} has no preset."),
        remedy=N_("Name one under destinations.{destination}.preset in config.yaml."),
    ),
    "live.no-live-video": Sentence(
        N_("{destination} has neither a live video nor a stream key."),
        remedy=N_("Set page_id and token, or stream_key, under destinations.{destination} in config.yaml."),
    ),
    "live.master-damaged": Sentence(
        N_("The recording {file} cannot be read whole ({why})."),
        N_("It was cut off while it was written, or the disk is damaged."),
        N_("Keep it; the after-work uses what can be read, and the other recording."),
    ),
    "live.defect": Sentence(
        N_("The broadcast could not begin because of a defect of the program: {detail}"),
        remedy=N_("Report it with the log in the broadcast's folder air/; OBS itself can stream and record."),
    ),
    "live.consents": Sentence(
        N_("The class {klass} shows minors: without checked consents only the participants will see it."),
        remedy=N_("If the guardians' consents were checked: ekultura live {klass} --consents-checked NAME"),
    ),
    "live.no-destinations": Sentence(
        N_("The class {klass} has no destination here: it would only be recorded."),
        remedy=N_("Fill in destinations in config.yaml."),
    ),
    "live.no-microphone": Sentence(
        N_("The class {klass} has no microphone here: captions will hear the mix only."),
        remedy=N_("Fill in sources.microphone in config.yaml."),
    ),
    "usage.length": Sentence(N_("“{given}” is no length of time."), remedy=N_("Write it as 45m, 1h30m or 90s.")),
    "usage.time": Sentence(N_("“{given}” is no time of day."), remedy=N_("Write it as 18:30.")),
    "live.no-page": Sentence(
        N_("The class {klass} has no Page on which it could be announced."),
        N_("Only a destination with page_id and token can announce; classes with minors are not announced."),
        N_("Announce it by hand, or set page_id and token in config.yaml."),
    ),
    "usage.moment": Sentence(
        N_("“{given}” is no date and time."), remedy=N_("Write it as --at '2026-11-27 18:00'.")
    ),
    "usage.no-file": Sentence(N_("There is no file {file}."), remedy=N_("Check the name and the folder.")),
    "usage.glossary": Sentence(
        N_("The glossary {file} cannot be read."),
        remedy=N_("It must be a text file, written in UTF-8, one name or term a line."),
    ),
    "usage.output": Sentence(
        N_("The captions cannot be put into {folder}: {detail}."),
        N_("It must be a folder that you may write to; it is made where it is not there."),
        N_("Give another folder with -o."),
    ),
    "usage.style": Sentence(N_("There is no caption style “{given}”."), remedy=N_("There are these: {known}.")),
    "facebook.video-not-ready": Sentence(
        N_("Facebook has not finished the video of {destination} yet."),
        remedy=N_("It is tried again by itself; the caption file is ready."),
    ),
    "system.error": Sentence(
        N_("The system refused: {detail} {file}."),
        remedy=N_("Check that the file exists and that you may read and write it; --debug shows more."),
    ),
    "system.defect": Sentence(
        N_("The program did something that it should not ({detail})."),
        N_("This is a fault of the program, not yours; what was finished before is kept."),
        N_("Run the same command with --debug and send us what it prints."),
    ),
    "live.no-slate": Sentence(
        N_("There is no slate to stand in for a lost picture ({why})."),
        N_("It could not be made or read; the broadcast goes on without it."),
        N_("Check the disk of folders.work and the card's colours and logos; the next broadcast tries again."),
    ),
    "live.interrupted": Sentence(
        N_("The broadcast “{title}” was cut off and not closed."),
        N_("A second one would leave it as it is: neither ended nor worked on."),
        N_("Go on with it: ekultura live --resume. Or close it: ekultura stop, then begin the new one."),
    ),
    "live.nothing-to-resume": Sentence(
        N_("No broadcast was cut off here."), remedy=N_("Begin one: ekultura live CLASS")
    ),
    "live.studio-gone": Sentence(
        N_("OBS is gone or hangs, and this program may not end it: it did not start it."),
        remedy=N_(
            "Close OBS (if need be, end it in the task manager) and start it again: the broadcast takes it by "
            "itself. The destinations see the slate meanwhile."
        ),
    ),
    "watch.leg-stopped": Sentence(
        N_("{destination} refuses the stream key again and again; it is not tried any more."),
        N_("The live video there has been ended, or the key is wrong."),
        N_("Put the new key into the station's settings, then: ekultura leg retry {destination}"),
    ),
    "watch.leg-parked": Sentence(
        N_("{destination}: silent, for the up-link has no room for a second connection."),
        remedy=N_("Nothing is needed: the first connection goes on."),
    ),
    "watch.leg-busy": Sentence(
        N_("{destination}: this computer is too busy to make a smaller picture; lowered to {kbps} kb/s."),
        remedy=N_("Close other programs; the recording and the other destinations keep full quality."),
    ),
    "platform.renewed": Sentence(
        N_("{destination} ended the live video while it was on air; a new one was made."),
        remedy=N_("Give the viewers its new address: ekultura status. To end on purpose, use: ekultura stop."),
    ),
    "platform.ended": Sentence(
        N_("{destination} ended the live video while it was on air; nothing is sent there any more."),
        remedy=N_("Look at the Page for the reason. A new live video: ekultura leg retry {destination}"),
    ),
    "platform.not-ended": Sentence(
        N_("The live video at {destination} could not be ended."),
        remedy=N_("End it by hand on the Page, in Live Producer."),
    ),
}
