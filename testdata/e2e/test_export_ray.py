# SPDX-License-Identifier: Apache-2.0
"""`export ray`, judged by Ray itself (testdata/ray/launch.py): schema, bootstrap and node provider, as launcher and as head, on
a local AWS that enforces what `setup --with-ray` made; and what each role must not do."""

from __future__ import annotations

import json
import os
import subprocess

import pytest
import yaml
from conftest import ACCOUNT, REGION, ROOT

RAY = ROOT / "build/ray/bin/python"
PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFUXSoGd9ZDqhhgfYA5kBFtyIWrYO1Z6wbuymWkzBOV1 \"o'k: #1"
ROOT_OF_ACCOUNT = f"arn:aws:iam::{ACCOUNT}:root"
TYPES = ("--node-type", "cpu=m5.4xlarge:0:10", "--node-type", "gpu=g5.xlarge/g4dn.xlarge:0:4:spot")


@pytest.fixture
def cloud(cloudctl, tmp_path):
    """With roles for Ray; and a key beside it."""
    (tmp_path / "key.pub").write_text(PUBLIC_KEY + "\n")
    cloudctl.run("setup", "demo", "--region", REGION, "--yes", "--with-ray", "--launcher-principal", ROOT_OF_ACCOUNT,
                 "--tag", "team=a b")
    return cloudctl


def exported(cloud, tmp_path, *words: str) -> dict:
    """The file is kept for Ray."""
    done = cloud.run("export", "ray", "demo", "--ssh-public-key", str(tmp_path / "key.pub"), *words)
    (tmp_path / "cluster.yaml").write_text(done.stdout)
    return yaml.safe_load(done.stdout)


def ray(deed: str, tmp_path, local_aws, keys: dict[str, str]) -> dict:
    done = subprocess.run(
        [RAY, ROOT / "testdata/ray/launch.py", deed, tmp_path / "cluster.yaml"], capture_output=True, text=True, timeout=120,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "AWS_ENDPOINT_URL": local_aws.url, "AWS_DEFAULT_REGION": REGION,
             "AWS_EC2_METADATA_DISABLED": "true", "RAY_USAGE_STATS_ENABLED": "0", **keys})
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def become(local_aws, record: dict, name: str) -> dict[str, str]:
    """Keys of a session of the role; instances' roles are made to trust the account for it."""
    role, iam = f"{record['id']}-ray-{name}", local_aws.client("iam")
    if name != "launcher":
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps({
            "Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Principal": {"AWS": ROOT_OF_ACCOUNT}, "Action": "sts:AssumeRole"}]}))
    made = local_aws.client("sts").assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{role}", RoleSessionName="ray")
    keys = made["Credentials"]
    return {"AWS_ACCESS_KEY_ID": keys["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            "AWS_SESSION_TOKEN": keys["SessionToken"]}


def asked(local_aws) -> list[str]:
    found = [f"{row['service']}:{row['action']}" for row in local_aws.requests()]
    local_aws.control("DELETE", "requests")
    return found


def test_ray_starts_and_ends_a_cluster_with_the_roles(cloud, local_aws, tmp_path):
    """Before the launch Ray asks four questions of EC2 and none of IAM, and changes nothing that the file says."""
    record = cloud.record("demo")
    exported(cloud, tmp_path, *TYPES)
    keys = {name: become(local_aws, record, name) for name in ("launcher", "head", "worker")}
    local_aws.control("POST", "settings", {"enforce": True})
    asked(local_aws)
    made = ray("head", tmp_path, local_aws, keys["launcher"])
    assert made.get("unchanged") is True and len(made["made"]) == 1, made
    calls = asked(local_aws)
    assert sorted(calls[:calls.index("ec2:RunInstances")]) == [
        "ec2:DescribeInstanceTypes", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeSubnets"]
    assert not any(call.startswith(("iam:", "ssm:")) for call in calls)
    workers = ray("workers", tmp_path, local_aws, keys["head"])
    assert {name: len(made) for name, made in workers["made"].items()} == {"cpu": 1, "gpu-g5-xlarge": 1, "gpu-g4dn-xlarge": 1}
    assert workers["left"] == []
    looks_launched(local_aws, record, made["made"][0])
    for who, deed in (("launcher", "another-worker"), ("head", "another-head"), ("worker", "another-worker"), ("worker", "another-head")):
        refused = ray(deed, tmp_path, local_aws, keys[who])
        assert "UnauthorizedOperation" in refused.get("error", ""), (who, deed, refused)
    assert ray("end", tmp_path, local_aws, keys["launcher"]) == {"left": []}
    local_aws.control("POST", "settings", {"enforce": False})


def looks_launched(local_aws, record: dict, head: str) -> None:
    ec2 = local_aws.client("ec2")
    rows = [row for found in ec2.describe_instances()["Reservations"] for row in found["Instances"]]
    assert len(rows) == 4
    for row in rows:
        tags = {tag["Key"]: tag["Value"] for tag in row["Tags"]}
        assert tags["cloudctl-cloud-id"] == record["id"] and tags["team"] == "a b" and tags["ray-cluster-name"] == "demo"
        if row["State"]["Name"] == "terminated":
            continue  # without its network, and its profile
        profile = row["IamInstanceProfile"]["Arn"].rpartition("/")[2]
        assert profile == f"{record['id']}-ray-{'head' if row['InstanceId'] == head else 'worker'}"
        assert row["SubnetId"] in record["resources"]["subnet_ids"]


FORMS = {
    "plain": (),
    "types": TYPES,
    "docker": ("--docker", "rayproject/ray:2.60.0-py310", "--cluster-name", "other", "--idle-timeout-minutes", "30"),
    "image": ("--image-id", "ami-785db401", "--volume-size", "200", "--head-type", "m5.2xlarge"),
    "key pair": ("--key-name", "yes: #no", "--ssh-private-key", "~/.ssh/a b.pem"),
    "arm": ("--head-type", "m6g.xlarge", "--node-type", "arm=m6g.large/c6g.large:0:3"),
    "profiles": ("--head-profile-arn", f"arn:aws:iam::{ACCOUNT}:instance-profile/p/h", "--worker-profile-arn",
                 f"arn:aws:iam::{ACCOUNT}:instance-profile/w"),
}


def test_ray_takes_each_form(cloud, local_aws, tmp_path):
    for name, words in FORMS.items():
        key = () if "--key-name" in words else ("--ssh-public-key", str(tmp_path / "key.pub"))
        done = cloud.run("export", "ray", "demo", *key, *words)
        (tmp_path / "cluster.yaml").write_text(done.stdout)
        assert ray("check", tmp_path, local_aws, {}) == {"schema": []}, name


def test_a_file_says_what_was_asked_for(cloud, tmp_path):
    record = cloud.record("demo")
    plain = exported(cloud, tmp_path)
    head, worker = plain["available_node_types"]["head"], plain["available_node_types"]["worker"]
    assert (plain["cluster_name"], plain["max_workers"], worker["max_workers"], worker["min_workers"]) == ("demo", 2, 2, 0)
    assert "use_internal_ips" not in plain["provider"] and plain["provider"]["cache_stopped_nodes"] is False
    assert head["resources"] == {"CPU": 4} and plain["auth"]["ssh_private_key"] == str(tmp_path / "key")
    user_data = yaml.safe_load(head["node_config"]["UserData"])
    assert user_data["ssh_authorized_keys"] == [PUBLIC_KEY]
    for node in (head["node_config"], worker["node_config"]):
        assert node["SubnetIds"] == record["resources"]["subnet_ids"]
        assert node["SecurityGroupIds"] == record["resources"]["security_group_ids"]
        assert node["MetadataOptions"] == {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}
        assert all(mapping["Ebs"]["Encrypted"] for mapping in node["BlockDeviceMappings"])
        assert "InstanceMarketOptions" not in node
    starts = plain["head_start_ray_commands"][-1] + plain["worker_start_ray_commands"][-1]
    assert starts.count("RAY_AUTH_MODE=token") == 2 and "--dashboard-host=127.0.0.1" in starts
    docker = exported(cloud, tmp_path, *FORMS["docker"])
    assert docker["docker"]["image"] == "rayproject/ray:2.60.0-py310" and docker["cluster_name"] == "other"
    assert docker["available_node_types"]["head"]["node_config"]["MetadataOptions"]["HttpPutResponseHopLimit"] == 2
    types = exported(cloud, tmp_path, *TYPES)["available_node_types"]
    spot = types["gpu-g5-xlarge"]
    assert spot["resources"] == {"CPU": 4, "GPU": 1} and spot["node_config"]["InstanceMarketOptions"] == {"MarketType": "spot"}
    assert spot["node_config"]["ImageId"] != types["cpu"]["node_config"]["ImageId"]
    document = json.loads(cloud.run("export", "ray", "demo", "--ssh-public-key", str(tmp_path / "key.pub"), "-o", "json").stdout)
    assert document["format"] == "ray" and yaml.safe_load(document["file"]) == plain


def test_commands_of_the_file_are_shell(cloud, tmp_path):
    for words in (FORMS["plain"], FORMS["docker"]):
        config = exported(cloud, tmp_path, *words)
        commands = [command for name, value in config.items() if name.endswith("commands") for command in value]
        assert len(commands) > 6
        for command in commands:
            subprocess.run(["sh", "-n", "-c", command], check=True)


@pytest.mark.parametrize("words, code, says", [
    (("--node-type", "gpu"), 2, "--node-type: 'gpu': is not NAME=INSTANCE:MIN:MAX"),
    (("--node-type", "gpu=g5.xlarge:3:2"), 2, "MIN at most MAX"),
    (("--node-type", "gpu=g5.xlarge:0:0"), 2, "MAX at least 1"),
    (("--node-type", "gpu=g5:0:1"), 2, "'g5' is not an instance type"),
    (("--node-type", "gpu=g5.xlarge:0:1:cheap"), 2, "is not NAME=INSTANCE:MIN:MAX"),
    (("--node-type", "gpu=g5.xlarge/g4dn.xlarge:1:2"), 2, "need a MIN of 0"),
    (("--node-type", "a=m5.large:0:1", "--node-type", "a=m5.xlarge:0:1"), 2, "there is a node type 'a' already"),
    (("--node-type", "head=m5.large:0:1"), 2, "there is a node type 'head' already"),
    (("--node-type", "arm=m6g.large:0:1"), 2, "m6g.large is of the architecture arm64 and others are x86_64"),
    (("--head-type", "cc2.8xlarge"), 4, "cc2.8xlarge"),
    (("--image-id", "ami-00000000"), 4, "ami-00000000"),
    (("--image-id", "ubuntu"), 2, "--image-id: 'ubuntu' is not an image's id"),
    (("--cluster-name", "a b"), 2, "--cluster-name: 'a b' is not"),
    (("--docker", "--privileged"), 2, ""),
    (("--key-name", "k"), 2, "--key-name and --ssh-public-key"),
    (("--idle-timeout-minutes", "0"), 2, "--idle-timeout-minutes: '0' is not a number"),
])
def test_what_is_no_cluster(cloud, tmp_path, words, code, says):
    words = tuple(word if word != "--privileged" else "--privileged=1" for word in words)
    done = cloud.run("export", "ray", "demo", "--ssh-public-key", str(tmp_path / "key.pub"), *words, code=code)
    assert says in " ".join(done.stderr.split()) and done.stdout == ""


def test_a_cloud_without_roles_and_a_home_without_keys(cloudctl, tmp_path):
    cloudctl.run("setup", "demo", "--region", REGION, "--yes")
    says = " ".join(cloudctl.run("export", "ray", code=2).stderr.split())
    assert "cloudctl update demo --with-ray" in says
    profiles = FORMS["profiles"]
    says = " ".join(cloudctl.run("export", "ray", *profiles, code=2).stderr.split())
    assert "add --ssh-public-key FILE" in says
    (tmp_path / "no-key").write_text("-----BEGIN OPENSSH PRIVATE KEY-----\nsecret\n")
    done = cloudctl.run("export", "ray", *profiles, "--ssh-public-key", str(tmp_path / "no-key"), code=4)
    assert "is not a public key of OpenSSH" in done.stderr and "secret" not in done.stderr


def test_private_subnets_are_reached_inside(cloudctl, tmp_path):
    (tmp_path / "key.pub").write_text(PUBLIC_KEY)
    cloudctl.run("setup", "demo", "--region", REGION, "--yes", "--with-ray", "--private-network")
    config = exported(cloudctl, tmp_path)
    assert config["provider"]["use_internal_ips"] is True


