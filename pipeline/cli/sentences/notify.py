"""Sentences on notices to people elsewhere: e-mail and webhook."""

from pipeline.cli.sentences.form import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "notify.none": Sentence(
        N_("No way of notifying is set up."), remedy=N_("Fill in notify.email or notify.webhook in config.yaml.")
    ),
    "notify.test": Sentence(N_("This is a test: notices of this station arrive here.")),
    "notify.mail-not-private": Sentence(
        N_("Without TLS no mail goes to {host}: password and text would be open to anyone on the way."),
        remedy=N_("Set notify.email.security to starttls or tls in config.yaml."),
    ),
    "notify.mail-certificate": Sentence(
        N_("The mail server {host} shows a certificate that cannot be trusted."),
        N_("Its name may be another one, its time may be over, or somebody stands in between."),
        N_("Check notify.email.host; for a server of your own set notify.email.tls_ca."),
    ),
    "notify.mail-login": Sentence(
        N_("The mail server {host} refuses the login of {user}."),
        remedy=N_("Check user and password; many providers want an app password of its own."),
    ),
    "notify.mail-no-tls": Sentence(
        N_("The mail server {host} does not offer what is asked of it (STARTTLS, or a login)."),
        remedy=N_("Try notify.email.security: tls with port 465, or ask the provider."),
    ),
    "notify.mail-refused": Sentence(
        N_("The mail server {host} did not take the message (code {status})."),
        remedy=N_("Check notify.email.from and to: the sender must be the mailbox's own address."),
    ),
    "notify.mail-failed": Sentence(
        N_("The mail server {host} cannot be reached ({why})."),
        remedy=N_("Check host, port and the network; it is tried again by itself."),
    ),
    "notify.hook-not-private": Sentence(
        N_("The webhook's address on {host} is no https address."),
        remedy=N_("Use https in notify.webhook.url; plain http is for this computer alone."),
    ),
    "notify.hook-certificate": Sentence(
        N_("The webhook's server {host} shows a certificate that cannot be trusted."),
        remedy=N_("Check the address; for a server of your own set notify.webhook.tls_ca."),
    ),
    "notify.hook-refused": Sentence(
        N_("The webhook's server {host} answered {status}."),
        remedy=N_("Check the address and the secret at the receiving end."),
    ),
    "notify.hook-failed": Sentence(
        N_("The webhook's server {host} cannot be reached ({why})."),
        remedy=N_("Check the address and the network; it is tried again by itself."),
    ),
}
