"""What is made for Windows and macOS, as far as it can be looked at from here."""

from __future__ import annotations

import datetime
import plistlib
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from building.version_resource import DESCRIPTIONS, version_resource

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
MAKENSIS = shutil.which("makensis")
OSSLSIGNCODE = shutil.which("osslsigncode")
BASH = shutil.which("bash")
needs_nsis = pytest.mark.skipif(MAKENSIS is None, reason="NSIS is not here")


def compiled(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """An installer made of a placeholder."""
    payload = folder / "payload"
    (payload / "_internal").mkdir(parents=True, exist_ok=True)
    for name in ("onhand.exe", "onhand-desktop.exe", "_internal/file"):
        (payload / name).write_text("a placeholder")
    script = PACKAGING / "windows" / "onhand.nsi"
    argv = [str(MAKENSIS), "-V2", f"-DPAYLOAD={payload}", *options, str(script)]
    return subprocess.run(argv, check=False, capture_output=True, text=True)


@pytest.fixture(scope="module")
def installer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("installer")
    target = folder / "onhand-setup-1.2.3.exe"
    done = compiled(folder, "-DVERSION=1.2.3", f"-DOUTPUT={target}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in done.stdout.lower()
    return target


@needs_nsis
def test_the_installer_is_made_with_its_version_in_it(installer):
    content = installer.read_bytes()
    assert content.startswith(b"MZ")
    assert "1.2.3".encode("utf-16-le") in content
    assert "Installs Onhand".encode("utf-16-le") in content


@needs_nsis
def test_an_installer_without_version_is_not_made(tmp_path):
    done = compiled(tmp_path, f"-DOUTPUT={tmp_path / 'made.exe'}")
    assert done.returncode != 0
    assert "give -DVERSION" in done.stdout + done.stderr


@needs_nsis
@pytest.mark.skipif(OSSLSIGNCODE is None, reason="osslsigncode is not here")
def test_a_signature_holds_until_a_byte_changes(installer, tmp_path, monkeypatch):
    certificate, key = made_certificate(tmp_path)
    monkeypatch.setenv("ONHAND_SIGN_CERT", str(certificate))
    monkeypatch.setenv("ONHAND_SIGN_KEY", str(key))
    signed = tmp_path / "signed.exe"
    shutil.copy(installer, signed)
    subprocess.run(
        [PACKAGING / "windows" / "sign", signed], check=True, capture_output=True
    )
    assert signed.stat().st_size > installer.stat().st_size
    assert verified(signed, certificate)
    content = bytearray(signed.read_bytes())
    content[len(content) // 2] ^= 1
    signed.write_bytes(content)
    assert not verified(signed, certificate)


def test_the_windows_programs_tell_their_version():
    for name in DESCRIPTIONS:
        text = version_resource(name, "1.2.3")
        assert "filevers=(1, 2, 3, 0)" in text
        assert f'"OriginalFilename", "{name}.exe"' in text
        compile(text, name, "eval")  # PyInstaller evaluates it


@pytest.mark.skipif(BASH is None, reason="bash is not here")
@pytest.mark.parametrize(
    "name",
    [
        "macos/build",
        "macos/uninstall",
        "macos/scripts/preinstall",
        "macos/scripts/postinstall",
    ],
)
def test_the_scripts_for_macos_are_bash(name):
    path = PACKAGING / name
    subprocess.run([str(BASH), "-n", path], check=True)
    assert path.stat().st_mode & 0o111
    assert "NOT RUN YET" in path.read_text(encoding="utf-8")


def test_the_entitlements_of_macos_are_those_that_python_needs():
    found = plistlib.loads((PACKAGING / "macos" / "entitlements.plist").read_bytes())
    assert found == {
        "com.apple.security.cs.disable-library-validation": True,
        "com.apple.security.cs.allow-unsigned-executable-memory": True,
    }


def test_the_workflow_for_windows_runs_what_is_here():
    path = ROOT / ".github" / "workflows" / "windows.yml"
    steps = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]["installer"]["steps"]
    run = "\n".join(step.get("run", "") for step in steps)
    assert "packaging/build folder" in run
    assert "packaging/windows/onhand.nsi" in run


def verified(program: Path, certificate: Path) -> bool:
    argv = [str(OSSLSIGNCODE), "verify", "-CAfile", str(certificate), "-in", str(program)]
    return subprocess.run(argv, check=False, capture_output=True).returncode == 0


def made_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for signing code that nobody trusts, and its key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Onhand test")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    places = folder / "certificate.pem", folder / "key.pem"
    places[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    places[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return places
