# SPDX-License-Identifier: Apache-2.0
"""What is known of a request: the values of context keys, and what AWS's documentation leaves open.

A key that is unknown is a variable of z3, together with whether it is there at all; so are the rest of a value of
which only the beginning is known, and the further members of a list. What the documentation does not decide is a
boolean variable too: a completion of a case chooses a value for each.
"""

import ipaddress
from datetime import datetime, timezone

import z3

from logic import Text

# Types of values: the Service Authorization Reference's column "Type".
TYPES = {
    "aws:currenttime": "date",
    "aws:tokenissuetime": "date",
    "aws:sourceip": "address",
    "aws:principalarn": "arn",
    "aws:sourcearn": "arn",
    "ec2:instanceprofile": "arn",
    "elasticfilesystem:accesspointarn": "arn",
    "aws:securetransport": "bool",
    "aws:multifactorauthpresent": "bool",
    "elasticfilesystem:accessedviamounttarget": "bool",
    "aws:multifactorauthage": "number",
    "s3:max-keys": "number",
    "aws:tagkeys": "list",
    "aws:calledvia": "list",
    "aws:principalorgpaths": "list",
    "kms:encryptioncontextkeys": "list",
}
# "Always included in the request context" (IAM User Guide, AWS global condition context keys) of a caller with an ARN.
ALWAYS = {
    "aws:currenttime",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:requestedregion",
    "aws:securetransport",
    "aws:userid",
}
# A request is made from now on. Cases have dates long before and long after.
EARLIEST, LATEST = (int(datetime(year, 1, 1, tzinfo=timezone.utc).timestamp()) for year in (2026, 2040))
MEMBERS = ("team", "owner", "spot.example", "o-1/r-1/ou-1", "something-else")  # of lists of which members are unknown


def seconds(text):
    if text.isdigit() and len(text) > 4:
        return int(text)
    whole = text + "0000-01-01"[len(text) :]  # "2060", "2060-01"
    moment = datetime.fromisoformat(whole.replace("Z", "+00:00"))
    return int(moment.replace(tzinfo=moment.tzinfo or timezone.utc).timestamp())


def address_bits(text):
    return int(ipaddress.IPv4Address(text))


READERS = {"date": seconds, "number": float, "address": address_bits, "bool": lambda text: text.lower() == "true"}


class Key:
    """present: is there a value? values: what it has, as (is it a member?, value), Python's or z3's."""

    def __init__(self, name, kind, present, values):
        self.name, self.kind, self.present, self.values = name, kind, present, values


class Request:
    """The knowledge of one case. carried(key): can the request carry it at all (Service Authorization Reference)?"""

    def __init__(self, case, carried, always=frozenset(ALWAYS), timeless=False):
        self.case, self.carried, self.always, self.timeless = case, carried, always, timeless
        self.constraints, self.texts = [], []
        self._keys, self._open = {}, {}
        self._context = {key.lower(): value for key, value in case.get("context", {}).items()}
        self._partial = {key.lower() for key in case.get("open", [])}
        self._more = {key.lower() for key in case.get("more", [])}
        self.session = self._text("the session")
        resource = case.get("resource", "")
        self.resource = resource
        if len(resource) > 1 and resource.endswith("*"):
            self.resource = self._text("the resource", resource[:-1], colons=False)

    def everything(self):
        """What holds in every completion, for what was asked so far."""
        parts = [*self.constraints, *[text.constraint() for text in self.texts]]
        return [part for part in parts if part is not True]

    def left_open(self, what):
        """What the documentation does not decide, the same wherever it matters."""
        return self._open.setdefault(what, z3.Bool("undocumented: " + what))

    def key(self, name):
        name = name.lower()
        if name not in self._keys:
            self._keys[name] = self._make(name, TYPES.get(name, "text"))
        return self._keys[name]

    def _make(self, name, kind):
        known = self._context.get(name)
        read = READERS.get(kind, str)
        if known is None:
            return self._unknown(name, kind)
        known = [known] if isinstance(known, str) else known
        values = [(True, read(value)) for value in known]
        if name in self._partial:
            values = [(True, self._text(f"{name} {value}", value)) for value in known]
        if name in self._more:
            values += [(z3.Bool(f"{name} has {member}"), member) for member in MEMBERS if member not in known]
        present = True if known else z3.Or(*[member for member, _ in values]) if values else False
        return Key(name, kind, present, values)

    def _text(self, name, beginning="", colons=True):
        self.texts.append(Text(name, beginning, colons))
        return self.texts[-1]

    def _unknown(self, name, kind):
        if not self.carried(name):
            return Key(name, kind, False, [])
        present = True if name in self.always else z3.Bool(f"{name} is there")
        if kind == "list":
            members = [(z3.Bool(f"{name} has {member}"), member) for member in MEMBERS]
            return Key(name, kind, z3.Or(*[has for has, _ in members]), members)
        if kind == "bool":
            value = z3.Bool(name)
        elif kind in ("date", "number"):
            value = z3.Int(name)
            self.constraints.append(value >= 0)
            if name == "aws:currenttime" and not self.timeless:
                self.constraints += [value >= EARLIEST, value <= LATEST]
        elif kind == "address":
            value = z3.BitVec(name, 32)
        else:
            value = self._text(name)
        return Key(name, kind, present, [(True, value)])
