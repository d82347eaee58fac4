# SPDX-License-Identifier: Apache-2.0
"""Every run of the end-to-end tests is asked for all that it can write, and none of it may hold a secret: the keys, sessions
and tokens that the local AWS knows, in any spelling. conftest.py looks after each test.
"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

# Commands that write a trace and events; of the others nothing is secret.
COMMANDS = {"setup", "register", "verify", "delete", "list", "get", "set-default", "policy"}
# Not together with --save-facts (docs/commands.md, "verify").
WITHOUT_FACTS = {"--facts", "--save-facts", "--all", "--watch", "--sweep"}
FILES = ("--debug", "--events", "--save-facts")


def spellings(secret: str) -> set[str]:
    """As it is, in URLs and forms, in JSON whose slashes are escaped, in hexadecimal (S3's has blanks) and in Base64."""
    plain = secret.encode()
    return {secret, quote(secret, safe=""), quote(secret), secret.replace("/", "\\/"), plain.hex(), plain.hex(" "),
            b64encode(plain).decode().rstrip("=")[:-1]}


def option_of(word: str) -> str:
    return word.partition("=")[0]


class Canary:
    """What runs have written since the last look. folder: for files that no test asked for."""

    def __init__(self):
        self.folder: Path | None = None
        self.secrets: set[str] = set()
        self.issued: Path | None = None  # secrets as the server gives them out, a line each
        self.files: list[Path] = []
        self.texts: list[tuple[str, bytes]] = []
        self._number = 0

    def asked(self, words: tuple[str, ...], home: Path) -> list[str]:
        """The command line, with a file for everything that can be written and goes nowhere yet."""
        words = list(words)
        if not self.folder or not words or words[0] not in COMMANDS:
            return words
        given = {option_of(word) for word in words}
        self._number += 1
        for option in FILES:
            if option in given:
                self.files += [home / value for value in self._values(words, option)]
            elif option != "--save-facts" or (words[0] == "verify" and not given & WITHOUT_FACTS):
                path = self.folder / f"{self._number}{option}"
                self.files.append(path)
                words.append(f"{option}={path}")
        return words

    @staticmethod
    def _values(words: list[str], option: str) -> list[str]:
        """What it was given with "="; and as the next word, which --debug does not take."""
        values = [word.partition("=")[2] for word in words if word.startswith(f"{option}=")]
        if option != "--debug":
            values += [after for word, after in zip(words, words[1:]) if word == option]
        return values

    def look(self, what: str, *texts: str | bytes | None) -> None:
        """Remember what was shown."""
        self.texts += [(what, text.encode() if isinstance(text, str) else text) for text in texts if text]

    def hits(self) -> tuple[int, list[str]]:
        """How many files and streams were read since the last time, and where a secret was in them; forgets them."""
        if self.issued and self.issued.exists():
            self.secrets |= set(self.issued.read_text().split("\n")) - {""}
        written = [(path.name, path) for path in dict.fromkeys(self.files) if path.is_file()]
        contents = self.texts + [(name, path.read_bytes()) for name, path in written]
        for _, path in written:
            if path.parent == self.folder:
                path.unlink()
        self.files, self.texts = [], []
        forms = {form.encode(): secret for secret in self.secrets for form in spellings(secret)}
        found = [f"{what}: {forms[form][:6]}... was written" for what, text in contents for form in forms if form in text]
        return len(contents), found
