"""Sentences about the Facebook Page, its token, its live videos and their captions."""

from pipeline.cli.sentences.form import N_, Sentence

_TOKEN_PLACE = N_("Put the new token into secrets.env of the station (mode 0600), then run: ekultura check")
_OURS = N_("This is a defect of ours. Report it with the broadcast's journal, and stream with a pasted key today.")

SENTENCES: dict[str, Sentence] = {
    "facebook.no-token": Sentence(
        what=N_("The Facebook destination has no Page token."),
        why=N_("With a pasted stream key alone the Page cannot be asked for anything."),
        remedy=N_("Use the hand-over sheet, or set page_id and token in config.yaml."),
    ),
    "facebook.address-not-private": Sentence(
        what=N_("The Facebook address {host} is not encrypted."),
        why=N_("The Page's token would travel in the clear."),
        remedy=N_("Use https:// in graph_url."),
    ),
    "facebook.tls-ca-missing": Sentence(
        what=N_("The certificate file {file} is not there."),
        remedy=N_("Correct tls_ca of the Facebook destination in config.yaml, or remove it."),
    ),
    "facebook.tls-untrusted": Sentence(
        what=N_("Facebook's certificate could not be verified, so nothing was sent."),
        why=N_("The computer's clock is wrong, or something in this network reads encrypted traffic."),
        remedy=N_("Check date and time; then ask whoever runs the network about a proxy or antivirus."),
    ),
    "facebook.token-expired": Sentence(
        what=N_("Facebook does not accept the Page's token any more."),
        why=N_("It has expired, or the owner's password was changed (subcode {subcode})."),
        remedy=_TOKEN_PLACE,
    ),
    "facebook.token-needs-owner": Sentence(
        what=N_("Facebook wants the token's owner before it goes on."),
        why=N_("The owner must confirm the account, allow the app again, or has no role on the Page ({subcode})."),
        remedy=N_("Let the owner log in to Facebook and follow its instructions; then make a new Page token."),
    ),
    "facebook.rate-limited": Sentence(
        what=N_("Facebook asks us to wait {retry_after} seconds."),
        why=N_("Too many requests were made with this token or Page."),
        remedy=N_("Wait; it is tried again by itself. The stream itself goes on."),
    ),
    "facebook.temporary": Sentence(
        what=N_("Facebook has trouble of its own ({number})."),
        why="{detail}",
        remedy=N_("It is tried again by itself; the stream goes on."),
    ),
    "facebook.unreachable": Sentence(
        what=N_("Facebook cannot be reached ({reason})."),
        why=N_("name: the address is not found; connection: refused or cut; timeout: no answer in time."),
        remedy=N_("Check this computer's Internet connection; it is tried again by itself."),
    ),
    "facebook.permission-missing": Sentence(
        what=N_("The token has no permission {permission}."),
        why=N_("The permission was not granted when the token was made, or was taken back."),
        remedy=N_("Make a new Page token with {permission}, and allow it when Facebook asks."),
    ),
    "facebook.page-too-young": Sentence(
        what=N_("Facebook does not let this account go live yet."),
        why=N_("The account has to be at least 60 days old."),
        remedy=N_("Broadcast to the other destinations until then."),
    ),
    "facebook.too-few-followers": Sentence(
        what=N_("Facebook does not let this Page go live yet."),
        why=N_("The Page needs at least 100 followers."),
        remedy=N_("Broadcast to the other destinations until then, and invite people to follow the Page."),
    ),
    "facebook.not-this-page": Sentence(
        what=N_("The token does not belong to the Page {page}."),
        why=N_("It is the token of a person or of another Page."),
        remedy=N_("Make a Page token for this Page, or correct page_id in config.yaml."),
    ),
    "facebook.page-unknown": Sentence(
        what=N_("Facebook does not know this Page, or hides it from the token."),
        remedy=N_("Check page_id in config.yaml, and that the Page is published."),
    ),
    "facebook.live-gone": Sentence(
        what=N_("The live video is not on Facebook any more."),
        why=N_("It was deleted there, or Facebook took it down."),
        remedy=N_("Look at the Page and its messages from Facebook; the recording is not touched by this."),
    ),
    "facebook.video-gone": Sentence(
        what=N_("The finished video is not on Facebook any more."),
        why=N_("Facebook deletes recordings of live videos 30 days after the broadcast, or someone deleted it."),
        remedy=N_("The video with captions is in the outputs of the recording; publish that one if it is needed."),
    ),
    "facebook.not-an-id": Sentence(what=N_("“{id}” is no id of Facebook's."), remedy=_OURS),
    "facebook.bad-parameter": Sentence(
        what=N_("Facebook refused a request of ours ({number}/{subcode})."), why="{detail}", remedy=_OURS
    ),
    "facebook.unknown-error": Sentence(
        what=N_("Facebook answered with an error that we do not know ({number}/{subcode})."),
        why="{detail}",
        remedy=_OURS,
    ),
    "facebook.answer-unexpected": Sentence(
        what=N_("Facebook's answer lacks what we need: {field}."),
        why=N_("Facebook may have changed its interface."),
        remedy=_OURS,
    ),
    "facebook.duplicate": Sentence(
        what=N_("Facebook says that the same has been posted already."),
        remedy=N_("Look at the Page; change the title if it is meant twice."),
    ),
    "facebook.schedule-past": Sentence(
        what=N_("A live video cannot be announced for a time that has passed: {start}."),
        remedy=N_("Give a later start, or start the broadcast at once."),
    ),
    "facebook.schedule-too-far": Sentence(
        what=N_("Facebook takes announcements at most {days} days ahead."),
        remedy=N_("Announce it nearer to the event."),
    ),
    "facebook.captions-too-large": Sentence(
        what=N_("{file} is too large for Facebook: {size} bytes, and {limit} are allowed."),
        why=N_("The event was very long."),
        remedy=N_("Upload the open-caption video from the outputs, or split the captions by hand."),
    ),
    "facebook.captions-empty": Sentence(
        what=N_("{file} holds no captions."),
        remedy=N_("Check that the recording has speech, then make the captions again."),
    ),
    "facebook.captions-locale": Sentence(
        what=N_("“{locale}” is no language code of Facebook's."),
        remedy=N_("Use one such as pl_PL."),
    ),
    "facebook.captions-format": Sentence(
        what=N_("Facebook does not accept the form of the caption file."),
        why="{detail}",
        remedy=N_("Check it with: ekultura captions check FILE"),
    ),
    "facebook.captions-file-name": Sentence(
        what=N_("Facebook does not accept the name of the caption file."), why="{detail}", remedy=_OURS
    ),
    "facebook.captions-upload-failed": Sentence(
        what=N_("Facebook has not taken the captions yet."),
        why=N_("The finished video may not be ready there. {detail}"),
        remedy=N_("It is tried again by itself."),
    ),
    "facebook.captions-locale-there": Sentence(
        what=N_("Facebook still holds older captions in this language."),
        why="{detail}",
        remedy=N_("It is tried again by itself; else delete them by hand on the video's page."),
    ),
    "facebook.permalink-wrong": Sentence(
        what=N_("“{text}” is no address of a video on Facebook."),
        why=N_("It has to begin with https:// and lead to facebook.com or fb.watch."),
        remedy=N_("On the video's page choose Share, Copy link, and paste that."),
    ),
    "facebook.viewers-wrong": Sentence(
        what=N_("“{text}” is no number of viewers."), remedy=N_("Type in digits only, such as 37.")
    ),
}
