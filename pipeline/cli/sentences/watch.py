"""Sentences on what the watch finds while on air: what is wrong, why it may be, what to do now."""

from pipeline.cli.sentences.form import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "watch.hub-silent": Sentence(
        N_("The hub has not answered for {seconds} seconds."),
        remedy=N_("It is started again by itself; if this lasts, look at hub.log in the broadcast's folder air/."),
    ),
    "watch.feed-lost": Sentence(
        N_("The hub gets no picture from OBS."), remedy=N_("Look at OBS; the recording of the feed has a gap.")
    ),
    "watch.leg-down": Sentence(
        N_("{destination}: connection lost ({error}); it is tried again by itself."),
        remedy=N_("Now: ekultura leg retry {destination}"),
    ),
    "watch.leg-dropping": Sentence(
        N_("{destination}: {frames} pictures did not get through in {seconds} seconds."),
        N_("The connection to it is too slow just now; other destinations and the recording are not touched."),
        N_("Stop other uploads in the building; use a cable instead of Wi-Fi."),
    ),
    "watch.leg-lowered": Sentence(
        N_("{destination}: the picture is sent at {kbps} kb/s only, for the connection bears no more."),
        remedy=N_("Stop other uploads in the building; it rises again by itself."),
    ),
    "watch.recording-stalled": Sentence(
        N_("The recording {recording} does not grow."), remedy=N_("Check the disk, and OBS.")
    ),
    "watch.disk": Sentence(
        N_("Only {free_mb} MB are free on the recordings' disk."),
        remedy=N_("Free some space now; the broadcast goes on until the disk is full."),
    ),
    "watch.disk-soon": Sentence(
        N_("The recordings' disk will be full in about {minutes} minutes ({free_mb} MB are free)."),
        remedy=N_(
            "Free some space now: empty the trash, move old recordings. What is on air does not need the disk."
        ),
    ),
    "watch.disk-short": Sentence(
        N_("The recordings' disk lasts for about {minutes} minutes, the event for {needed} more."),
        remedy=N_("Free some space during the broadcast: {free_mb} MB are free now."),
    ),
    "watch.studio-lost": Sentence(
        N_("OBS does not answer."), remedy=N_("If its window is frozen, close it and start OBS again.")
    ),
    "watch.studio-not-recording": Sentence(
        N_("OBS does not record; the hub's recording goes on."), remedy=N_("It is started again by itself.")
    ),
    "watch.frames-lost": Sentence(
        N_("OBS loses {percent} % of the pictures: this computer is too slow for them."),
        remedy=N_("Close other programs, or choose a smaller encoder preset next time."),
    ),
    "watch.frames-not-encoded": Sentence(
        N_("OBS could not encode {percent} % of the pictures in time."),
        remedy=N_("Close other programs; next time choose a faster x264_preset or a smaller encoder preset."),
    ),
    "watch.sound-late": Sentence(
        N_("OBS holds all sound and picture back by {ms} ms ({source})."),
        N_("A source delivered its sound late; OBS waits for it until it is started again."),
        N_("Nothing is lost on air. In the next break: check that source, then start OBS again."),
    ),
    "watch.picture-black": Sentence(
        N_("The picture has been black for {seconds} seconds (scene “{scene}”)."),
        remedy=N_("Look at the camera: power, lens cap, cable. Meanwhile: `ekultura scene break`."),
    ),
    "watch.picture-still": Sentence(
        N_("The picture has been frozen for {seconds} seconds (scene “{scene}”)."),
        N_("Not one bit of it changes; even a quiet hall is never so still in a camera."),
        N_(
            "Look at the camera and its cable, or choose another scene; in OBS: deactivate and activate the source."
        ),
    ),
    "watch.sound-silent": Sentence(
        N_("Nothing has been heard on air for {seconds} seconds."),
        remedy=N_("Check the microphone's switch and battery, the desk, and the mute buttons in OBS."),
    ),
    "watch.sound-clipped": Sentence(
        N_("The sound is clipped: it is too loud and is cut off."),
        remedy=N_("Turn it down at the desk or the microphone; in OBS keep the meter out of the red."),
    ),
    "watch.sound-drifted": Sentence(
        N_("The sound is {lu} LU away from the beginning's ({usual} LUFS then, {lufs} LUFS now)."),
        remedy=N_("If that is not meant: check who speaks into which microphone, and the desk's faders."),
    ),
    "watch.sound-quiet": Sentence(
        N_("The sound is very quiet: {lufs} LUFS, where about −23 is usual."),
        remedy=N_("Turn it up at the desk, or in OBS's mixer."),
    ),
    "watch.processor": Sentence(
        N_("This computer's processor is at {percent} %."),
        remedy=N_("Close other programs; pictures may be lost otherwise."),
    ),
    "watch.memory": Sentence(
        N_("Only {free_mb} MB of memory are free."),
        N_("When nothing is left, the system ends a program: it may be OBS."),
        N_("Close other programs, browsers first."),
    ),
    "watch.cue-failed": Sentence(
        N_("OBS does not show the run sheet's scene “{scene}”."),
        remedy=N_("If the scene was deleted in OBS, choose another one: `ekultura scene NAME`. It is tried again."),
    ),
    "watch.platform-ended": Sentence(
        N_("{destination} has ended the live video ({status}) while we are on air."),
        remedy=N_("Look at the Page. For a new live video: `ekultura leg drop {destination}`, then `leg add`."),
    ),
    "watch.platform-limit": Sentence(
        N_("{destination} ends this live video by itself in {minutes} minutes: it allows eight hours."),
        remedy=N_("End the broadcast in time, and begin a new one for what follows."),
    ),
    "watch.platform-health": Sentence(
        N_("{destination} reports that our stream is not well ({health})."),
        remedy=N_(
            "If its viewers see stalls: stop other uploads in the building, or `ekultura leg retry {destination}`."
        ),
    ),
    "watch.platform-trouble": Sentence(
        N_("{destination} holds something against the live video: {trouble}."),
        remedy=N_("Open the live video on the Page: what is said there decides (music rights, most often)."),
    ),
    "watch.token-ends": Sentence(
        N_("The access token of {destination} ends in {hours} hours."),
        remedy=N_("Make a new one and put it into secrets.env; docs/setup tells how."),
    ),
    "watch.end-near": Sentence(
        N_("The planned end comes in {minutes} minutes."),
        remedy=N_("`ekultura extend 15` moves it."),
    ),
    "watch.end-passed": Sentence(
        N_("The planned end has passed {minutes} minutes ago."),
        N_("After 15 minutes without an answer the closing card is shown and the broadcast ends."),
        N_("`ekultura extend 15` goes on, `ekultura stop` ends."),
    ),
    "watch.clock-jumped": Sentence(
        N_("This computer's clock was moved by {seconds} seconds."),
        N_("Broadcast, recording and run sheet keep their own time and do not mind."),
        N_("Have the clock set by the network before the next event."),
    ),
}
