"""What Windows shows of a program's file: its version and where it is from."""

from __future__ import annotations

TEMPLATE = """\
VSVersionInfo(
  ffi=FixedFileInfo(
    filevers={numbers}, prodvers={numbers}, mask=0x3F, OS=0x40004, fileType=0x1
  ),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("CompanyName", "The Onhand authors"),
      StringStruct("FileDescription", "{description}"),
      StringStruct("FileVersion", "{version}"),
      StringStruct("InternalName", "{name}"),
      StringStruct("LegalCopyright", "MIT licence"),
      StringStruct("OriginalFilename", "{name}.exe"),
      StringStruct("ProductName", "Onhand"),
      StringStruct("ProductVersion", "{version}"),
    ])]),
    VarFileInfo([VarStruct("Translation", [0x409, 1200])]),
  ],
)
"""
"""The form that PyInstaller reads."""

DESCRIPTIONS = {"onhand": "Onhand, on the command line", "onhand-desktop": "Onhand"}


def version_resource(name: str, version: str) -> str:
    """The text for one of the two programs."""
    numbers = [int(each) for each in version.split(".")]
    return TEMPLATE.format(
        name=name,
        version=version,
        description=DESCRIPTIONS[name],
        numbers=tuple([*numbers, 0, 0, 0][:4]),
    )
