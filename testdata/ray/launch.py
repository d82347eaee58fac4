# SPDX-License-Identifier: Apache-2.0
"""Run by Ray's own interpreter (build/ray): what `ray up` does with a cluster file until SSH, on the AWS of the environment.

launch.py check FILE            the schema of the wheel, prepare_config, validate_config
launch.py head FILE             with the launcher's credentials: bootstrap, then one head node
launch.py workers FILE          with the head's: one worker of each type, and their end
launch.py end FILE              with the launcher's: every node is terminated

Prints one document of JSON: {"error": …} or what was made. Credentials come from the environment."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import jsonschema
import ray
import yaml
from ray.autoscaler._private.aws import config as aws_config
from ray.autoscaler._private.aws.node_provider import AWSNodeProvider
from ray.autoscaler._private.util import prepare_config, validate_config

TAGS = {"ray-launch-config": "x", "ray-node-status": "uninitialized"}


def check(config: dict) -> dict:
    schema = json.loads((Path(ray.__file__).parent / "autoscaler/ray-schema.json").read_text())
    errors = [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(config)]
    validate_config(prepare_config(config))
    return {"schema": errors}


def node_config(config: dict, name: str) -> dict:
    return config["available_node_types"][name]["node_config"]


def make(config: dict, provider: AWSNodeProvider, name: str, kind: str) -> list[str]:
    tags = TAGS | {"ray-node-type": kind, "ray-user-node-type": name, "ray-node-name": f"ray-{name}"}
    return sorted(provider.create_node(node_config(config, name), tags, 1))


def head(config: dict) -> dict:
    """Bootstrap changes nothing that the file says."""
    prepared = AWSNodeProvider.fillout_available_node_types_resources(prepare_config(config))
    before = json.dumps(prepared["available_node_types"], sort_keys=True)
    bootstrapped = aws_config.bootstrap_aws(prepared)
    same = json.dumps(bootstrapped["available_node_types"], sort_keys=True) == before
    provider = AWSNodeProvider(bootstrapped["provider"], bootstrapped["cluster_name"])
    made = make(bootstrapped, provider, bootstrapped["head_node_type"], "head")
    provider.non_terminated_nodes({})
    provider.set_node_tags(made[0], {"ray-node-status": "up-to-date"})
    return {"unchanged": same, "made": made}


def workers(config: dict) -> dict:
    provider = AWSNodeProvider(config["provider"], config["cluster_name"])
    provider.non_terminated_nodes({})
    made = {name: make(config, provider, name, "worker") for name in config["available_node_types"] if name != "head"}
    provider.non_terminated_nodes({})
    provider.terminate_nodes([node for nodes in made.values() for node in nodes])
    return {"made": made, "left": provider.non_terminated_nodes({"ray-node-type": "worker"})}


def another(config: dict, name: str, kind: str) -> dict:
    """A node that these credentials must not start."""
    provider = AWSNodeProvider(config["provider"], config["cluster_name"])
    return {"made": make(config, provider, name, kind)}


def end(config: dict) -> dict:
    provider = AWSNodeProvider(config["provider"], config["cluster_name"])
    provider.terminate_nodes(provider.non_terminated_nodes({}))
    return {"left": provider.non_terminated_nodes({})}


DEEDS = {"check": check, "head": head, "workers": workers, "end": end,
         "another-head": lambda config: another(config, "head", "head"),
         "another-worker": lambda config: another(config, next(n for n in config["available_node_types"] if n != "head"), "worker")}


def main() -> None:
    config = yaml.safe_load(Path(sys.argv[2]).read_text())
    try:
        result = DEEDS[sys.argv[1]](config)
    except BaseException as error:  # Ray aborts with SystemExit
        result = {"error": f"{type(error).__name__}: {error}"}
    print("\n" + json.dumps(result))


main()
