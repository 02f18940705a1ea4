import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.audit.domain.merkle import EMPTY_ROOT
from services.audit.domain.note import (
    Checkpoint,
    KeyHistory,
    NoteError,
    VerifierKey,
    open_checkpoint,
    open_note,
    sign,
)

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = VerifierKey.of("log.kelmu.example", PRIVATE.public_key())
CHECKPOINT = Checkpoint("log.kelmu.example", 0, EMPTY_ROOT)
NOTE = "log.kelmu.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— log.kelmu.example SIG\n"

# The example of the Go note package, which others implement too.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""


def signed_text(text: str) -> bytes:
    signature = base64.b64encode(KEY.id + PRIVATE.sign(text.encode())).decode()
    return f"{text}\n— {KEY.name} {signature}\n".encode()


def test_a_note_of_another_implementation_verifies() -> None:
    key = VerifierKey.parse(GO_KEY)
    assert str(key) == GO_KEY
    assert open_note(GO_NOTE.encode(), key).startswith("If you think")
    with pytest.raises(NoteError, match="does not hold"):
        open_note(GO_NOTE.replace("your", "our").encode(), key)


def test_a_signed_checkpoint_has_exactly_these_bytes() -> None:
    note = sign(CHECKPOINT, PRIVATE)
    signature = base64.b64encode(KEY.id + PRIVATE.sign(CHECKPOINT.text().encode())).decode()
    assert note == NOTE.replace("SIG", signature)
    assert open_checkpoint(note.encode(), KEY) == CHECKPOINT


def test_the_verifier_key_survives_being_written_and_read() -> None:
    assert VerifierKey.parse(f"{KEY}\n") == KEY


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "written name"),
        ("name+abc", "written name"),
        (f"other+{KEY.id.hex()}+{str(KEY).split('+', 2)[2]}", "not the id"),
        (str(KEY).replace("+AQ", "+Ag"), "not an Ed25519"),
        (str(KEY) + "=", "base64"),
        ("n+00000000+AQ==", "32 bytes"),
        ("a b+00000000+AQ==", "no spaces"),
    ],
)
def test_a_bad_verifier_key_is_refused(text: str, why: str) -> None:
    with pytest.raises(NoteError, match=why):
        VerifierKey.parse(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (CHECKPOINT.text().replace("\n0\n", "\n00\n"), "leading zeros"),
        (CHECKPOINT.text().replace("\n0\n", "\n-1\n"), "leading zeros"),
        (CHECKPOINT.text().replace("\n0\n", "\n٣\n"), "leading zeros"),
        (CHECKPOINT.text().replace("FU=", "FV="), "no encoder writes"),
        ("log.kelmu.example\n0\nAAAA\n", "32 bytes"),
        ("log.kelmu.example\n0\n", "origin, size and root"),
        ("\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "origin, size and root"),
        (CHECKPOINT.text().replace("log.", "blog."), "of the log"),
    ],
)
def test_a_signed_text_that_is_no_checkpoint_of_this_log_is_refused(text: str, why: str) -> None:
    with pytest.raises(NoteError, match=why):
        open_checkpoint(signed_text(text), KEY)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda note: note.replace(b"\n0\n", b"\n1\n"), "does not hold"),
        (lambda note: note[:-1], "end with a newline"),
        (lambda note: note.replace(b"\n\n", b"\n"), "empty line"),
        (lambda note: note + b"rubbish\n", "not a signature line"),
        (lambda note: note.replace(b"\n", b"\r\n"), "control characters"),
        (lambda note: b"\xff" + note, "UTF-8"),
        (lambda note: note.replace("— log".encode(), "— blog".encode()), "not signed by"),
        (lambda _: signed_text(CHECKPOINT.text())[:-80] + b"AAAA\n", "signature"),
        (lambda note: b"x" * 70_000 + note, "limit"),
    ],
)
def test_a_damaged_note_is_refused(change: object, why: str) -> None:
    assert callable(change)
    with pytest.raises(NoteError, match=why):
        open_checkpoint(change(sign(CHECKPOINT, PRIVATE).encode()), KEY)


def test_a_witness_may_sign_too_and_extension_lines_are_ignored() -> None:
    extended = signed_text(CHECKPOINT.text() + "extension\n")
    witness = f"— witness {base64.b64encode(b'abcd' + b'x' * 64).decode()}\n".encode()
    assert open_checkpoint(extended + witness, KEY) == CHECKPOINT


def test_a_list_of_keys_is_read_back_and_refuses_other_logs_and_nothing() -> None:
    public = Ed25519PrivateKey.generate().public_key()
    other = VerifierKey.of(KEY.name, public)
    history = KeyHistory((KEY, other))
    assert KeyHistory.parse(f"{history}\n") == history
    for text in ("", f"{KEY}\n\n{other}", f"{KEY}\n{VerifierKey.of('other.log', public)}"):
        with pytest.raises(NoteError):
            KeyHistory.parse(text)
