"""Where one reader of opened bundles takes what the others refuse, or the other way round: all cases, each with the words
of FORMAT.md that say so. Whatever is not here, all of them have to judge alike.
"""
SOUND, REFUSED = "sound", "refused"

TOKENS = "tokens in bundles; stock `openssl ts -verify` does"

#: By the name of the change: what a program says instead, and where FORMAT.md says it.
EXCEPTIONS = {
    "a symbolic link more": {
        "page": (SOUND, "Symbolic links, devices, pipes and sockets that lie beside the files of the folder"),
        "open": (SOUND, "all of whose entries are files below `bundle/`"),  # a sealed bundle cannot have one
    },
    "a certificate under another name": {"reader": (SOUND, TOKENS)},
    "a token that is none": {
        "reader": (SOUND, TOKENS),
        "page": (SOUND, "Tokens in bundles (step 7), but that each has a certificate beside it"),
    },
    "card with a key of small order": {"reader": (SOUND, "That a verifying key lies in the prime-order group.")},
    "for a passphrase": {
        "open": (REFUSED, "Refuse a bundle whose note does not name one of the recipients whose identity opened it"),
    },
}
