# SPDX-License-Identifier: Apache-2.0
"""A functional verification with the real Ray, where somebody has made its wheelhouse: sh testdata/ray_wheels.sh. Without
MemoryDB, of which there is only a stand-in here."""

from pathlib import Path

import pytest
from test_functional_inside import Cloud, found, machines  # noqa: F401

WHEELS = Path(__file__).resolve().parents[2] / "build" / "ray-wheels"

pytestmark = pytest.mark.skipif(not WHEELS.is_dir(), reason="no wheelhouse of Ray: sh testdata/ray_wheels.sh")


def test_a_workspace_and_a_service(cloudctl, local_aws, machines):  # noqa: F811
    cloud = Cloud(cloudctl, local_aws)
    for path in WHEELS.glob("*.whl"):
        with path.open("rb") as body:
            cloud.s3.put_object(Bucket=cloud.resources["bucket"], Key=f"cloudctl/wheels/{path.name}", Body=body)
    good = found(cloud.verify("workspace,service"), "PASS")
    assert len(good) == 13, good
    assert "Ray 2.60.0 from the bucket's wheels" in good["workspace.ray-install"]
    assert good["service.http"] == "the service answers"
