"""The words of the hand-over sheet, in English; the catalogue has the Polish ones."""


def N_(text: str) -> str:
    """Mark a text for the catalogue; it is translated when the sheet is made."""
    return text


LABELS: dict[str, str] = {
    "heading": N_("Facebook by hand"),
    "lead": N_(
        "The picture goes to Facebook with a stream key pasted from Live Producer. What Facebook would otherwise "
        "be told by the program is done here, by a person: nothing on this sheet holds up the broadcast."
    ),
    "when": N_("When"),
    "place": N_("Organiser"),
    "class": N_("Event"),
    "before": N_("Before the broadcast"),
    "during": N_("While on air"),
    "after": N_("After the broadcast"),
    "title": N_("Title"),
    "description": N_("Description"),
    "copy": N_("Copy"),
    "copied": N_("Copied"),
    "write_down": N_("Write down once"),
    "permalink": N_("Address of the video (on Facebook: Share, Copy link)"),
    "viewers": N_("Most viewers at once"),
    "remember": N_("Make the command"),
    "remember_hint": N_(
        "Type both in, then run this command in a terminal; the archive and the statistics keep them."
    ),
    "wrong": N_("The address must begin with https:// and lead to facebook.com or fb.watch; viewers are a number."),
    "send": N_("Save"),
    "captions": N_("Captions"),
    "captions_ready": N_("The caption file is ready. Facebook wants exactly this name:"),
    "captions_later": N_("The caption file will lie here soon after the end. Facebook wants exactly this name:"),
    "captions_too_large": N_(
        "The caption file has more than 200 KB, and Facebook takes no more: "
        "publish the open-caption video from the outputs instead."
    ),
    "producer": N_("Open Live Producer"),
    "thirty": N_(
        "Facebook deletes recordings of live videos 30 days after the broadcast. "
        "The centre's archive is the lasting copy."
    ),
    "minors": N_("Minors are seen: check the consents before the audience is set to Public."),
}

BEFORE: tuple[str, ...] = (
    N_("In Live Producer, “Streaming software” is chosen, and the key there is the one in secrets.env."),
    N_("Title and description from this sheet are pasted."),
    N_("The audience is set to Public."),
    N_("The setting that ends the live video when the stream breaks off is off: the network may stumble."),
    N_("Somebody is named who reads the comments."),
)
BEFORE_PARTICIPANTS: tuple[str, ...] = (
    N_("In Live Producer, “Streaming software” is chosen, and the key there is the one in secrets.env."),
    N_("Title and description from this sheet are pasted."),
    N_("The audience is NOT Public: only the people whom this event is for."),
    N_("Somebody is named who reads the comments."),
)
DURING: tuple[str, ...] = (
    N_("The picture is seen in Live Producer, with sound."),
    N_("“Go live” is pressed: without it nobody sees the stream."),
    N_("The address of the video is copied into this sheet."),
    N_("Towards the end, the number of viewers is looked up."),
)
AFTER: tuple[str, ...] = (
    N_("“End live video” is pressed, after the closing card."),
    N_("On the video's page: Edit video, Captions, Upload: the caption file below, language Polish."),
    N_("Facebook's automatic captions are switched off where ours are there."),
    N_("One caption was watched with the sound, to see that they fit."),
)
