"""Failures that have to do with models: getting, comparing and changing them."""

from __future__ import annotations

from onhand.domain.errors import AppError, ModelMissing, UsageError


class ModelUnknown(ModelMissing):
    """The catalogue has no model of this name."""

    code = "model_unknown"
    title = "There is no such model in the catalogue"
    hint = (
        "The README lists the models that Onhand knows; a GGUF file of your own is taken by"
        " its path."
    )
    window_hint = "Choose one of the models in the list."


class NothingToCompare(UsageError):
    """There is no text to put to both models."""

    code = "nothing_to_compare"
    title = "Nothing is pinned or corrected yet"
    hint = (
        "Pin or correct some answers first ('onhand history pin', 'history correct'), or"
        " add --samples to compare on texts that come with the program."
    )
    window_hint = (
        "Pin or correct some answers in Work or History, or compare on texts that come"
        " with the program."
    )


class NothingToUndo(UsageError):
    """No other model was used before."""

    code = "nothing_to_undo"
    title = "There is no model to go back to"
    hint = "'onhand models list' shows the models, 'onhand models use ID' changes to one."
    window_hint = "Choose one of the models in Preferences."


class NothingToFetch(UsageError):
    """The catalogue does not say where a model can be fetched."""

    code = "nothing_to_fetch"
    title = "This model cannot be downloaded"
    hint = "Copy its file into the folder 'models' of the data folder."
    window_hint = "Import its file instead."


class ConnectionMetered(UsageError):
    """Bytes cost money here, and the user has not said that it may be so."""

    code = "metered"
    title = "The connection is metered"
    hint = (
        "Run it again with --metered, or connect in another way. 'onhand settings set"
        " ask_when_metered no' ends this question."
    )
    window_hint = "Connect in another way, or say that it may cost something."


class WrongChecksum(AppError):
    """The bytes are not the ones that were promised."""

    code = "wrong_checksum"
    title = "The model file is damaged, or is another one"
    hint = (
        "It is not loaded. 'onhand models verify --repair' fetches what is damaged; or copy"
        " the file again."
    )
    window_hint = "It is not loaded. Repair it in Preferences, or copy the file again."
    exit_code = 4


class NetworkFailed(AppError):
    """The other side cannot be reached, refuses, or breaks off again and again."""

    code = "network"
    title = "The download did not come through"
    hint = (
        "What has arrived is kept: run it again to go on. The settings 'proxy' and"
        " 'hub_endpoint' tell the way to the network."
    )
    window_hint = "What has arrived is kept. Check the connection, and go on."
    exit_code = 12


class NotOurs(UsageError):
    """A model that lies outside of the user's own model folder."""

    code = "not_ours"
    title = "This model is not in your own model folder"
    hint = "Remove the file itself, or ask whoever looks after this machine."
    window_hint = hint


class Unverified(UsageError):
    """Nobody vouches for a model file, and the user has not said that they want it."""

    code = "unverified"
    title = "Nobody vouches for this model"
    hint = (
        "It is not in the catalogue. If you trust where it comes from, import it with"
        " --unverified."
    )
    window_hint = (
        "It is not in the catalogue. If you trust where it comes from, confirm that you"
        " want it all the same."
    )


class UnverifiedForbidden(AppError):
    """Models that nobody vouches for are not allowed here."""

    code = "unverified_forbidden"
    title = "Models that are not in the catalogue are not allowed here"
    hint = "Choose a model of the catalogue; 'allow_unverified_models' is the setting."
    window_hint = "Choose a model of the catalogue, or allow others in Preferences."
    exit_code = 7


class PackDamaged(WrongChecksum):
    """A model pack is not what its signer made."""

    code = "pack_damaged"
    title = "The model pack is damaged, or is none"
    hint = "Nothing of it was taken. Copy it again, or ask whoever made it."
    window_hint = hint


class SignerUnknown(AppError):
    """A model pack is whole, and nobody has said that its signer is to be trusted."""

    code = "signer_unknown"
    title = "The model pack was signed by somebody unknown"
    hint = (
        "Nothing of it was taken. Ask whoever made it for their fingerprint; if it is this"
        " one, run it again with --trust and the fingerprint."
    )
    window_hint = (
        "Nothing of it was taken. Ask whoever made it for their fingerprint, and confirm it"
        " if it is this one."
    )
    exit_code = 7


class KeyUnusable(UsageError):
    """A signing key cannot be read or made."""

    code = "key_unusable"
    title = "The signing key cannot be used"
    hint = "A key is an Ed25519 private key in a PEM file; --new-key makes one."
    window_hint = "Choose a PEM file with an Ed25519 private key."
