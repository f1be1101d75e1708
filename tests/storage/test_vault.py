"""The key of the history: where it comes from, who may open it, and what happens if not."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.keyrings import FakeKeyring
from onhand.domain.errors import AppError, DataDamaged, DataTooNew
from onhand.domain.history_errors import (
    HistoryKeyless,
    HistoryLocked,
    KeyOfOneKind,
    PassphraseUnusable,
    WrongPassphrase,
)
from onhand.services.key_ports import Asked, KeyState
from onhand.storage.key_file import read_key_file
from onhand.storage.key_slots import (
    CODE_LETTERS,
    Cost,
    Secret,
    check_of,
    derived,
    new_code,
    new_key,
    seal,
    unseal,
)
from onhand.storage.vault import Trust, Vault

CHEAP = Cost(n=16, r=1)
WORDS = "correct horse battery"
FAILURES = ["there is no session bus", "KeyringLocked", "InitError", "keeps nothing"]


class User:
    """Somebody who is asked for a passphrase."""

    def __init__(self, words=None):
        self.words = words
        self.asked = []

    def __call__(self, asked):
        self.asked.append(asked)
        return self.words


@pytest.fixture
def keyring():
    return FakeKeyring()


@pytest.fixture
def user():
    return User()


@pytest.fixture
def open_vault(tmp_path, keyring, user):
    def open_vault():
        trust = Trust(keyring=keyring, ask=user, cost=CHEAP)
        return Vault(tmp_path / "onhand.keys", trust)

    return open_vault


def pair():
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private.private_bytes(*form), public


def test_the_keyring_keeps_the_key_and_nobody_is_asked(open_vault, keyring, user):
    [key] = open_vault().keys()
    assert len(key) == 32
    assert open_vault().keys() == (key,)
    assert list(keyring.kept.values()) == [key.hex()]
    assert user.asked == []


def test_two_histories_have_two_keys_in_one_keyring(tmp_path, keyring):
    vaults = [
        Vault(tmp_path / name / "onhand.keys", Trust(keyring=keyring, cost=CHEAP))
        for name in ("one", "two")
    ]
    keys = [vault.keys() for vault in vaults]
    assert keys[0] != keys[1]
    assert len(keyring.kept) == 2


@pytest.mark.parametrize("failure", FAILURES)
def test_without_a_keyring_a_passphrase_opens_it(open_vault, keyring, user, failure):
    keyring.failing, user.words = failure, WORDS
    assert open_vault().state() is KeyState.KEYLESS
    key = open_vault().keys()
    assert open_vault().state() is KeyState.LOCKED
    assert open_vault().keys() == key
    assert user.asked == [Asked.NEW, Asked.KNOWN]


@pytest.mark.parametrize("failure", FAILURES)
def test_without_keyring_and_passphrase_nothing_is_made(
    open_vault, keyring, user, failure, tmp_path
):
    keyring.failing = failure
    vault = open_vault()
    for _ in range(3):
        with pytest.raises(HistoryKeyless, match=failure):
            vault.keys()
    assert user.asked == [Asked.NEW]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("failure", FAILURES)
def test_a_keyring_that_fails_later_costs_a_prompt(open_vault, keyring, user, failure):
    key = open_vault().keys()
    assert open_vault().unlock(WORDS).new
    keyring.failing = failure
    with pytest.raises(HistoryLocked):
        open_vault().keys()
    user.words = WORDS
    assert open_vault().keys() == key


def test_another_keyring_costs_a_prompt_and_gets_the_key_again(open_vault, keyring, user):
    key = open_vault().keys()
    open_vault().unlock(WORDS)
    keyring.kept.clear()
    assert open_vault().state() is KeyState.LOCKED
    told = open_vault().unlock(WORDS)
    assert (told.new, told.in_keyring) == (False, True)
    assert open_vault().keys() == key
    assert user.asked == []


def test_a_keyring_with_a_wrong_key_is_not_believed(open_vault, keyring):
    open_vault().keys()
    keyring.kept = dict.fromkeys(keyring.kept, new_key().hex())
    with pytest.raises(HistoryLocked):
        open_vault().keys()
    keyring.kept = dict.fromkeys(keyring.kept, "no number")
    with pytest.raises(HistoryLocked):
        open_vault().keys()


def test_a_wrong_passphrase_is_told_and_opens_nothing(open_vault, keyring, user):
    keyring.failing, user.words = "none", WORDS
    open_vault().keys()
    user.words = "correct horse batterz"
    with pytest.raises(WrongPassphrase):
        open_vault().keys()
    vault = open_vault()
    with pytest.raises(WrongPassphrase):
        vault.unlock("something else")
    assert vault.unlock(WORDS).new is False
    assert vault.state() is KeyState.OPEN


def test_a_short_passphrase_is_refused(open_vault, keyring, tmp_path):
    keyring.failing = "none"
    with pytest.raises(PassphraseUnusable):
        open_vault().unlock("seven77")
    assert list(tmp_path.iterdir()) == []


def test_a_dialog_that_was_closed_is_tried_again_when_that_is_asked_for(
    open_vault, keyring
):
    key = open_vault().keys()
    keyring.failing = "InitError"
    vault = open_vault()
    with pytest.raises(HistoryLocked):
        vault.keys()
    keyring.failing = ""
    with pytest.raises(HistoryLocked):
        vault.keys()
    vault.retry()
    assert vault.keys() == key


def test_a_recovery_code_opens_it_however_it_is_typed(open_vault, keyring):
    vault = open_vault()
    key = vault.keys()
    first, code = vault.add_recovery_code(), vault.add_recovery_code()
    keyring.failing = "none"
    assert open_vault().state() is KeyState.LOCKED
    with pytest.raises(WrongPassphrase):
        open_vault().unlock(first)
    for typed in (code, code.lower(), code.replace("-", " "), code.replace("0", "o")):
        vault = open_vault()
        vault.unlock(typed)
        assert vault.keys() == key


def test_an_organisation_opens_it_with_its_private_key(open_vault, keyring):
    (private, public), (other, _) = pair(), pair()
    key = open_vault().keys()
    open_vault().add_organisation(public)
    keyring.failing = "none"
    vault = open_vault()
    with pytest.raises(WrongPassphrase):
        vault.unlock_as_organisation(other)
    vault.unlock_as_organisation(private)
    assert vault.keys() == key


@pytest.mark.parametrize("pem", [b"", b"rubbish", pair()[1]])
def test_what_is_no_private_key_is_told(open_vault, pem):
    open_vault().keys()
    open_vault().add_organisation(pair()[1])
    with pytest.raises(PassphraseUnusable):
        open_vault().unlock_as_organisation(pem)


@pytest.mark.parametrize("pem", [b"", b"rubbish", pair()[0]])
def test_what_is_no_public_key_is_told(open_vault, pem):
    with pytest.raises(PassphraseUnusable):
        open_vault().add_organisation(pem)


def test_locking_takes_the_key_out_of_the_keyring(open_vault, keyring, user):
    vault = open_vault()
    key = vault.keys()
    with pytest.raises(KeyOfOneKind):
        vault.lock()
    assert vault.keys() == key
    vault.unlock(WORDS)
    vault.lock()
    assert keyring.kept == {}
    for each in (vault, open_vault()):
        with pytest.raises(HistoryLocked):
            each.keys()
    user.words = WORDS
    assert open_vault().keys() == key


def test_the_file_of_slots_holds_no_key(open_vault, tmp_path):
    vault = open_vault()
    [key] = vault.keys()
    vault.unlock(WORDS)
    code = vault.add_recovery_code()
    content = (tmp_path / "onhand.keys").read_bytes()
    for secret in (key, key.hex().encode(), WORDS.encode(), code.encode()):
        assert secret not in content


@given(content=st.binary())
@settings(max_examples=50)
def test_slots_of_any_content_are_told_and_left_alone(content, tmp_path_factory):
    path = tmp_path_factory.mktemp("slots") / "onhand.keys"
    path.write_bytes(content)
    with pytest.raises(AppError):
        Vault(path, Trust(keyring=FakeKeyring())).keys()
    assert path.read_bytes() == content


def test_slots_of_a_newer_version_are_told(tmp_path):
    path = tmp_path / "onhand.keys"
    path.write_bytes(b'{"format": 3, "sets": "of another form"}')
    with pytest.raises(DataTooNew):
        read_key_file(path)
    path.write_bytes(b'{"format": 1, "sets": []}')
    with pytest.raises(DataDamaged):
        read_key_file(path)


@given(words=st.text(min_size=1), wrong=st.text(min_size=1))
@settings(max_examples=40)
def test_a_slot_opens_for_its_words_alone(words, wrong):
    key = new_key()
    slot = seal(key, words, Secret.PASSPHRASE, CHEAP)
    assert unseal(slot, words) == key
    if wrong.strip("\r\n") != words.strip("\r\n"):
        assert unseal(slot, wrong) in (None, key)


def test_a_cost_that_would_take_all_memory_is_not_paid():
    slot = seal(new_key(), WORDS, Secret.PASSPHRASE, CHEAP)
    for n in (0, 1, 3, 2**30):
        changed = type(slot)(
            secret=slot.secret, cost=Cost(n=n), salt=slot.salt, sealed=slot.sealed
        )
        assert unseal(changed, WORDS) is None


def test_codes_and_derived_keys_tell_nothing_of_each_other():
    key = new_key()
    assert len({key, derived(key, b"a"), derived(key, b"b"), check_of(key)}) == 4
    assert set(new_code()) <= {*CODE_LETTERS, "-"}
    assert new_code() != new_code()


def test_a_key_that_was_given_up_is_asked_of_nobody_until_that_is_wanted(
    open_vault, keyring
):
    vault = open_vault()
    vault.seal()
    assert vault.state() is KeyState.OPEN, "there is nothing yet that could be locked"
    key = vault.keys()
    vault.seal()
    assert vault.state() is KeyState.SEALED
    with pytest.raises(HistoryLocked):
        vault.keys()
    assert open_vault().keys() == key, "the keyring has it still"
    assert vault.retry() is KeyState.OPEN
    assert vault.keys() == key


def test_a_key_that_was_given_up_comes_back_by_its_passphrase_and_no_other(
    open_vault, keyring
):
    vault = open_vault()
    key = vault.keys()
    vault.seal()
    with pytest.raises(WrongPassphrase):
        vault.unlock("correct horse")  # not set as a new one: nobody is known to ask
    vault.retry()
    vault.unlock("correct horse")
    vault.seal()
    keyring.failing = "none"
    assert vault.retry() is KeyState.LOCKED
    with pytest.raises(HistoryLocked):
        vault.keys()
    vault.unlock("correct horse")
    assert vault.keys() == key
