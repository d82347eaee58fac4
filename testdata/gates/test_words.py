# SPDX-License-Identifier: Apache-2.0
"""Gate: base, verify and ui serve any provider, so no word of AWS is in them: not in a name, a string or a comment."""

import re

from tree import line_of, program_files, read, report

FOLDERS = ("base", "verify", "ui")
WORDS = set("""
    amazon amazonaws arn arns aws bucket buckets cfn cloudformation ec2 ecr efs eni iam igw imds imdsv2 kms memorydb
    s3 sso sts subnet subnets vpc vpcs
""".split())

NAME = re.compile(r"[A-Za-z0-9]+")
PART = re.compile(r"[A-Z]+[0-9]*(?![a-z])|[A-Z]?[a-z]+[0-9]*")  # of a camelCase name


def words_of_aws(text):
    """(line number, word) for each word of AWS, alone or as a part of a name: aws_start, DescribeVpcs, AWS::S3."""
    for match in NAME.finditer(text):
        for word in {match[0], *PART.findall(match[0])}:
            if word.lower() in WORDS:
                yield line_of(text, match.start()), word


def test_no_word_of_aws_below_the_providers():
    findings = []
    for path in program_files():
        found = words_of_aws(read(path)) if path.parts[0] in FOLDERS else ()
        findings += [f"{path}:{number}: {word}" for number, word in found]
    assert not findings, report(f"words of AWS in {', '.join(FOLDERS)} (docs/architecture.md, Floors)", findings)


def test_words_are_seen_in_names_but_not_in_other_words():
    text = 'struct aws *a; /* a VPC */\n"AWS::S3" DescribeSubnets VPCs\nlaws awsome_ restart stsx warn\n'
    assert sorted(words_of_aws(text)) == [(1, "VPC"), (1, "aws"), (2, "AWS"), (2, "S3"), (2, "Subnets"), (2, "VPCs")]
