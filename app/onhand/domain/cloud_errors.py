"""Failures around cloud models. `free` says that nothing can have been charged."""

from __future__ import annotations

from typing import ClassVar

from onhand.domain.errors import AppError, UsageError


class CloudFailure(AppError):
    """A request that did not lead to an answer.

    Attributes:
        free: whether it is sure that it costs nothing.
    """

    code = "cloud_failure"
    title = "The cloud model gave no answer"
    hint = "The answer of the model on this laptop stands. Try again later."
    window_hint = hint
    exit_code = 12
    free: ClassVar[bool] = False


class CloudUnreachable(CloudFailure):
    """There is no connection."""

    code = "cloud_unreachable"
    title = "The provider of the cloud model cannot be reached"
    hint = "Nothing was sent. Check the connection, the address and the setting 'proxy'."
    window_hint = hint
    free = True


class CloudBusy(CloudFailure):
    """The provider has too much to do, or trouble of its own."""

    code = "cloud_busy"
    title = "The provider has too much to do"
    hint = "The answer of the model on this laptop stands. Try again in some minutes."
    window_hint = hint
    free = True


class CloudRefused(CloudFailure):
    """The provider does not take the request."""

    code = "cloud_refused"
    title = "The provider does not take this request"
    hint = (
        "Check the address, the name of the model and how its replies are shaped: 'onhand"
        " cloud list' shows them, 'onhand cloud test' tries them without any text of yours."
    )
    window_hint = "Check the address and the name of the model in Preferences, Cloud."
    free = True


class KeyRefused(CloudFailure):
    """The provider does not know the key, or it may not do this."""

    code = "key_refused"
    title = "The provider does not accept the key"
    hint = "Give it again with 'onhand cloud add'."
    window_hint = "Enter it again in Preferences, Cloud."
    exit_code = 7
    free = True


class CloudUnpaid(CloudFailure):
    """The provider wants money first; it is never asked again by itself."""

    code = "cloud_unpaid"
    title = "The provider wants money first"
    hint = (
        "The account with the provider has no credit left, or has reached its limit there."
    )
    window_hint = hint
    exit_code = 7
    free = True


class CloudBrokeOff(CloudFailure):
    """The reply ended before its end."""

    code = "cloud_broke_off"
    title = "The reply of the cloud model broke off"
    hint = "It may have cost something and counts as spent. Try again if you like."
    window_hint = hint


class CloudTimedOut(CloudFailure):
    """The reply did not come in time."""

    code = "cloud_timed_out"
    title = "The cloud model did not answer in time"
    hint = "It may have cost something and counts as spent. Try again if you like."
    window_hint = hint


class ReplyUnusable(CloudFailure):
    """What came back is no answer to the task."""

    code = "reply_unusable"
    title = "What the cloud model wrote cannot be used"
    hint = "The answer of the model on this laptop stands."
    window_hint = hint


class CloudOff(AppError):
    """The user, or the organisation, has not turned cloud models on."""

    code = "cloud_off"
    title = "Cloud models are turned off"
    hint = (
        "'onhand settings set cloud yes' turns them on; nothing is sent before you see it."
    )
    window_hint = "Preferences, Cloud turns them on; nothing is sent before you see it."
    exit_code = 7


class HostForbidden(AppError):
    """Text may not go to this host."""

    code = "host_forbidden"
    title = "Nothing may be sent to this host"
    hint = "'onhand settings get cloud_hosts' tells where to; ask whoever fixed it."
    window_hint = "Ask whoever manages this computer."
    exit_code = 7


class MaskPatternUnusable(AppError):
    """What an organisation wants masked by its form cannot be searched for."""

    code = "mask_pattern_unusable"
    title = "A pattern to be masked cannot be used"
    hint = (
        "Nothing was sent. The setting 'organisation_patterns' takes expressions as RE2"
        " knows them: no look-around, no references back. Correct it, or ask whoever"
        " fixed it."
    )
    window_hint = (
        "Nothing was sent. Correct it in Preferences, Cloud, or ask whoever manages this"
        " computer."
    )
    exit_code = 7


class OverBudget(AppError):
    """It could cost more than may be spent."""

    code = "over_budget"
    title = "This could cost more than may be spent"
    hint = (
        "Nothing was sent. The settings 'cloud_message_cents' and 'cloud_month_cents' are"
        " the limits; 'onhand usage' tells what was spent."
    )
    window_hint = "Nothing was sent. Preferences, Cloud has the limits."
    exit_code = 7


class PriceUnknown(AppError):
    """There is a limit, and nobody can say whether it is kept."""

    code = "price_unknown"
    title = "Nobody has told what this model costs"
    hint = (
        "Give its price with 'onhand cloud add --price READ/WRITTEN' (US dollars for a"
        " million tokens; 0/0 for a server of your own), or set both limits to 0."
    )
    window_hint = "Enter its price in Preferences, Cloud, or set both limits to 0."
    exit_code = 7


class PayloadUnseen(AppError):
    """What is to be sent is not what was shown."""

    code = "payload_unseen"
    title = "Nothing was sent, because it is not what you were shown"
    hint = "Look at it again, and decide again."
    window_hint = hint
    exit_code = 7


class NoTerminal(UsageError):
    """There is nobody to show it to."""

    code = "no_terminal"
    title = "Nothing is sent to a cloud model before somebody has seen it"
    hint = "Run this on a terminal; there is no option that skips the question."
    window_hint = hint


class ProviderUnknown(UsageError):
    """There is no cloud model of this name."""

    code = "provider_unknown"
    title = "There is no such cloud model here"
    hint = "'onhand cloud list' shows them, 'onhand cloud add' adds one."
    window_hint = "Preferences, Cloud adds one."


class ProviderInvalid(UsageError):
    """A cloud model is described so that it cannot be used."""

    code = "provider_invalid"
    title = "This cloud model cannot be used as it is described"
    hint = "'onhand cloud add --help' tells what it needs."
    window_hint = "Correct what is named here."


class ProviderKeyless(UsageError):
    """Nobody has given the key to a cloud model."""

    code = "provider_keyless"
    title = "The key for this cloud model is not here"
    hint = (
        "Give it with 'onhand cloud add'; where the system has no keyring, give it each"
        " time with --key-file."
    )
    window_hint = "Enter it in Preferences, Cloud."
