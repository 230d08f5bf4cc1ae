"""What to tell people about OBS Studio."""

from pipeline.cli.sentences.form import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "obs.not-running": Sentence(
        what=N_("OBS Studio does not answer at {host}:{port}."),
        why=N_("It is not running, or its websocket server listens elsewhere."),
        remedy=N_(
            "Start OBS Studio, or write the command that starts it into config.yaml (obs: launch). In OBS: "
            "Tools → WebSocket Server Settings → enable, port {port}."
        ),
    ),
    "obs.no-websocket": Sentence(
        what=N_("OBS Studio is running, but its websocket server does not answer at port {port}."),
        why=N_(
            "The websocket server is switched off, or OBS waits with a question in its window (after a crash it "
            "may offer the safe mode, in which the websocket is off)."
        ),
        remedy=N_(
            "Look at the window of OBS and answer its question with the normal mode. Then Tools → WebSocket Server "
            "Settings → enable the server at port {port}."
        ),
    ),
    "obs.crash-dialog": Sentence(
        what=N_("OBS Studio waits with a question about its last crash, or runs in safe mode."),
        why=N_("It was not closed properly last time; until it is answered, its websocket is off."),
        remedy=N_(
            "In the window of OBS choose the normal mode, not the safe mode; if it runs in safe mode already, "
            "close it and start it again."
        ),
    ),
    "obs.slate-not-shown": Sentence(
        what=N_("OBS Studio does not show the slate's card."),
        why=N_("The picture that the program drew could not be loaded."),
        remedy=N_("Check whether the disk is full; the next broadcast tries again."),
    ),
    "obs.other-port": Sentence(
        what=N_("OBS Studio is running, but not at port {port}."),
        why=N_("It listens at port {found}."),
        remedy=N_("Set the same port in config.yaml (obs: port) and in OBS: Tools → WebSocket Server Settings."),
    ),
    "obs.not-answering": Sentence(
        what=N_("OBS Studio at {host}:{port} took the call but says nothing."),
        why=N_("It hangs, or a question in its window keeps it waiting."),
        remedy=N_("Look at the window of OBS. If it does not react, end it and start it again."),
    ),
    "obs.wrong-password": Sentence(
        what=N_("OBS Studio at {host}:{port} refused the password."),
        why=N_("The password in the settings is not the one that OBS has."),
        remedy=N_(
            "In OBS: Tools → WebSocket Server Settings → Show Connect Info. Copy the password into secrets.env "
            "and name it in config.yaml (obs: password)."
        ),
    ),
    "obs.old-protocol": Sentence(
        what=N_("OBS Studio at {host}:{port} speaks the old websocket protocol (4)."),
        why=N_("That OBS, or its websocket plug-in, is older than version 28."),
        remedy=N_("Install OBS Studio 28 or newer: it brings the new protocol (5), usually at port 4455."),
    ),
    "obs.not-obs": Sentence(
        what=N_("What listens at {host}:{port} is not OBS Studio."),
        why=N_("Another program has taken the port."),
        remedy=N_("Check the port in config.yaml (obs: port) against OBS: Tools → WebSocket Server Settings."),
    ),
    "obs.lost": Sentence(
        what=N_("The connection to OBS Studio was lost."),
        why=N_("OBS was closed, crashed or hangs; it did not answer {request}."),
        remedy=N_("Look at OBS. The connection comes back by itself as soon as OBS answers."),
    ),
    "obs.request-failed": Sentence(
        what=N_("OBS Studio could not carry out {request}."),
        why=N_("OBS says: {comment} (code {status})."),
        remedy=N_(
            "Try again; if it happens again, note this message and look into OBS's own log (Help → Log Files)."
        ),
    ),
    "obs.launch-missing": Sentence(
        what=N_("OBS Studio could not be launched: there is no program {program}."),
        why=N_("The command in config.yaml (obs: launch) names a program that this computer does not have."),
        remedy=N_("Correct the command, or install OBS Studio."),
    ),
    "obs.launch-failed": Sentence(
        what=N_("OBS Studio was launched and ended at once."),
        why=N_("{command}: {detail}"),
        remedy=N_("Start OBS by hand to see what it says. Its output is in {log}."),
    ),
    "obs.screenless-missing": Sentence(
        what=N_("OBS Studio cannot run without a screen here: missing or not working: {programs}."),
        remedy=N_("On Debian: apt-get install --no-install-recommends obs-studio xvfb libgl1-mesa-dri util-linux"),
    ),
    "obs.on-air": Sentence(
        what=N_("OBS Studio is on air already ({output})."),
        why=N_("Scenes and settings are never changed while OBS streams, records or feeds its virtual camera."),
        remedy=N_("Stop streaming, recording and the virtual camera in OBS, then try again."),
    ),
    "obs.kind-missing": Sentence(
        what=N_("OBS Studio here cannot show or hear the source {source}."),
        why=N_("It has none of these kinds of source: {kinds}."),
        remedy=N_("Install the missing OBS plug-in, or describe the source otherwise in config.yaml (sources)."),
    ),
    "obs.device-missing": Sentence(
        what=N_("The device {device} of the source {source} is not there."),
        why=N_("OBS sees: {found}."),
        remedy=N_("Plug it in and switch it on, or correct its name in config.yaml (sources)."),
    ),
    "obs.source-missing": Sentence(
        what=N_("The scene {scene} lacks sources: {sources}."),
        why=N_("They are named in the class, but not set in config.yaml."),
        remedy=N_("Describe them in config.yaml (sources), or take them out of the class."),
    ),
    "obs.no-microphone": Sentence(
        what=N_("The microphone {source} is not set."),
        why=N_("The class names it, but config.yaml (sources) does not."),
        remedy=N_("Add it to config.yaml (sources) with the name that OBS shows for the device."),
    ),
    "obs.kept-changes": Sentence(
        what=N_("Changes made by hand in OBS were left as they are ({count})."),
        why=N_("They concern: {changed}."),
        remedy=N_(
            "Nothing has to be done. To have everything built anew, delete this scene collection in OBS before "
            "the next broadcast."
        ),
    ),
    "obs.scene-missing": Sentence(
        what=N_("OBS Studio has no scene {scene}."),
        why=N_("It was deleted or renamed in OBS."),
        remedy=N_(
            "Give the scene its name back. After the broadcast: delete the scene collection in OBS, and it is "
            "built anew before the next one."
        ),
    ),
    "obs.dialog": Sentence(
        what=N_("OBS Studio waits for an answer in its window."),
        why=N_("It asks something before it carries out {request}, most often because of another sampling rate."),
        remedy=N_(
            "Answer the question in OBS. Set Settings → Audio to 48 kHz and stereo in every profile, restart OBS, "
            "and try again."
        ),
    ),
    "obs.sound-rate": Sentence(
        what=N_("OBS Studio works with {rate} Hz, {channels}, instead of 48000 Hz, stereo."),
        why=N_("It was started with a profile that says so; it can be changed only by a restart."),
        remedy=N_(
            "In OBS: Settings → Audio → 48 kHz and stereo, then restart OBS. The broadcast works without it."
        ),
    ),
    "obs.offset-limited": Sentence(
        what=N_("The sound of {source} was moved by {set} ms instead of {wanted} ms."),
        why=N_("OBS moves sound no further forward."),
        remedy=N_("Delay the picture instead, or correct offset_ms in config.yaml (sources)."),
    ),
    "obs.no-profile-folder": Sentence(
        what=N_("The folder in which OBS Studio keeps its profiles was not found."),
        why=N_("Without it the encoder cannot be set. Looked in: {looked}."),
        remedy=N_("Let the program launch OBS itself (config.yaml, obs: launch), under the same user."),
    ),
    "obs.setting-refused": Sentence(
        what=N_("OBS Studio did not take the setting {setting}."),
        why=N_("Wanted: {wanted}; OBS keeps: {held}."),
        remedy=N_("Check whether the disk is full or OBS's settings folder is write-protected; restart OBS."),
    ),
    "obs.stream-not-started": Sentence(
        what=N_("OBS Studio did not start to stream."),
        why=N_("Nothing came out of it although it said OK."),
        remedy=N_("Check that the hub runs and that no encoder or firewall is in the way, then try again."),
    ),
    "obs.stream-not-stopped": Sentence(
        what=N_("OBS Studio goes on streaming although it was told to stop."),
        remedy=N_("Stop it in the window of OBS; if it does not react, end OBS."),
    ),
    "obs.record-not-started": Sentence(
        what=N_("OBS Studio did not start to record."),
        why=N_("No file grew in {folder} although OBS said OK."),
        remedy=N_("Check that the folder exists, that OBS may write there, and that the disk is not full."),
    ),
    "obs.already-recording": Sentence(
        what=N_("OBS Studio is recording already."),
        remedy=N_("Stop that recording in OBS first."),
    ),
    "obs.not-recording": Sentence(
        what=N_("OBS Studio is not recording."),
        why=N_("It was stopped by hand, or OBS was restarted."),
        remedy=N_("What was recorded until then lies in the recording's folder (masters)."),
    ),
    "obs.record-not-stopped": Sentence(
        what=N_("OBS Studio has not closed the recording {file}."),
        why=N_("It was told to stop and has not said that it did."),
        remedy=N_("Wait until OBS is done, or close OBS; what is written so far stays readable."),
    ),
    "obs.record-empty": Sentence(
        what=N_("OBS Studio's recording {file} cannot be used."),
        why=N_("It holds no picture, no sound, or not one byte."),
        remedy=N_("Use the hub's own recording (feed) instead; check the disk and OBS's log."),
    ),
    "obs.no-virtual-camera": Sentence(
        what=N_("OBS Studio has no virtual camera on this computer."),
        why=N_("OBS says: {comment}"),
        remedy=N_("On Debian install v4l2loopback-dkms and restart OBS; on Windows repair OBS's installation."),
    ),
}
