# SPDX-License-Identifier: Apache-2.0
"""Machines: user data that runs, shuts its machine down, writes on the console, and leaves nothing."""

from __future__ import annotations

import gzip
import os
import re
import signal
from pathlib import Path

import pytest
from conftest import REGION, start
from machines_support import Machines, eventually, machines, needs_machines  # noqa: F401

pytestmark = needs_machines
SLEEP = "#!/bin/sh\necho begun\nexec sleep 3600\n"


def _processes(namespace: str) -> list[str]:
    """Those of this computer that are in a network namespace."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            found += [folder.name] if os.readlink(folder / "ns/net") == namespace else []
        except OSError:  # it ended meanwhile
            pass
    return found


def _mounts() -> set[str]:
    """Where something is mounted on this computer's own root."""
    return {line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()}


class Left:
    """What a running machine has of this computer, looked for once it has ended."""

    def __init__(self, machines: Machines, made: dict):
        self.mounts, self.folder = _mounts(), set(os.listdir("/tmp"))
        machines.says(made, "begun")
        self.namespace = os.readlink(f"/proc/{machines.left(made)['process']}/ns/net")
        assert _processes(self.namespace)

    def is_nothing(self) -> bool:
        eventually(lambda: _processes(self.namespace), lambda found: found == [])
        return not _mounts() - self.mounts and not any("overlay" in name for name in set(os.listdir("/tmp")) - self.folder)


def test_a_script_runs_and_shuts_its_machine_down(machines):
    made = machines.launch("#!/bin/sh\necho hello from $(hostname)\nshutdown -h now\n",
                           InstanceInitiatedShutdownBehavior="terminate")
    assert made["State"] == {"Code": 0, "Name": "pending"}
    machines.state(made, "terminated")
    row = machines.describe(made)
    assert row["StateReason"]["Code"] == "Client.InstanceInitiatedShutdown"
    name = made["PrivateDnsName"].partition(".")[0]
    assert f"hello from {name}\r\n" in machines.console(made)
    assert machines.left(made) == {"process": None, "ended": True}
    assert machines.ec2.describe_network_interfaces(
        Filters=[{"Name": "subnet-id", "Values": [machines.subnet]}])["NetworkInterfaces"] == []


def test_its_end_by_itself_stops_an_instance_that_was_not_told_otherwise(machines):
    made = machines.launch("#!/bin/sh\npoweroff\n")
    machines.state(made, "stopped")
    assert machines.describe(made)["StateReason"]["Code"] == "Client.InstanceInitiatedShutdown"


def test_protection_from_termination_is_for_clients_and_not_for_the_machine(machines, local_aws):
    local_aws.control("POST", "machines", {"minute": 0.5})
    made = machines.launch("#!/bin/sh\nshutdown +1\n", InstanceInitiatedShutdownBehavior="terminate")
    machines.ec2.modify_instance_attribute(InstanceId=made["InstanceId"], DisableApiTermination={"Value": True})
    machines.state(made, "terminated")


def test_it_is_running_once_it_is_up(machines):
    made = machines.launch(SLEEP)
    machines.state(made, "running")
    machines.says(made, "begun")


@pytest.mark.parametrize("call", ["terminate_instances", "stop_instances"])
def test_nothing_is_left_when_the_call_returns(machines, call):
    made = machines.launch(SLEEP, InstanceInitiatedShutdownBehavior="terminate")
    left = Left(machines, made)
    getattr(machines.ec2, call)(InstanceIds=[made["InstanceId"]])
    assert machines.left(made)["process"] is None
    assert _processes(left.namespace) == []
    assert machines.describe(made)["State"]["Name"] == {"t": "terminated", "s": "stopped"}[call[0]]
    assert machines.describe(made)["StateReason"]["Code"] == "Client.UserInitiatedShutdown"
    assert left.is_nothing()


def test_a_termination_that_is_refused_leaves_the_machine_alone(machines, error):
    made = machines.launch(SLEEP)
    machines.ec2.modify_instance_attribute(InstanceId=made["InstanceId"], DisableApiTermination={"Value": True})
    machines.says(made, "begun")
    assert error(machines.ec2.terminate_instances, InstanceIds=[made["InstanceId"]])[0] == "OperationNotPermitted"
    assert machines.left(made)["process"] is not None


def test_a_reset_ends_all(machines, local_aws):
    left = Left(machines, machines.launch(SLEEP))
    local_aws.control("POST", "reset")
    assert local_aws.control("GET", "machines")["machines"] == {}
    assert _processes(left.namespace) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_of_a_server_that_ends(number):
    server = start()
    try:
        ec2 = server.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
        machines = Machines(server, subnet)
        left = Left(machines, machines.launch("#!/bin/sh\n(setsid sleep 3600) &\necho begun\n"))
    finally:
        server.process.send_signal(number)
        server.process.wait(timeout=10)
    assert left.is_nothing()


def test_a_later_shutdown_replaces_the_first_and_can_be_cancelled(machines, local_aws):
    local_aws.control("POST", "machines", {"minute": 0.02})
    made = machines.launch("#!/bin/sh\nshutdown -h +1000000\nshutdown -c\nshutdown -h +1000000\nshutdown -h +1\n",
                           InstanceInitiatedShutdownBehavior="terminate")
    machines.state(made, "terminated")
    assert machines.console(made).count("Shutdown scheduled in 1000000 minutes") == 2
    made = machines.launch("#!/bin/sh\nshutdown -h +3\nshutdown -c\nsleep 0.2\nshutdown -r now\necho still there\n")
    assert "this machine cannot do -r" in machines.says(made, "still there")


def test_the_console_keeps_its_last_64_kilobytes(machines):
    made = machines.launch("#!/bin/sh\nexec >/dev/console 2>/dev/ttyS0\necho first\n"
                           "i=0; while [ $i -lt 3000 ]; do echo a line of forty characters, number $i; i=$((i+1)); done\n"
                           "echo last >&2\n")
    console = machines.says(made, "last\r\n")
    assert len(console) == 64 * 1024
    assert "first" not in console and "number 2999\r\n" in console


def test_a_script_sees_the_system_and_nothing_else_of_this_computer(machines):
    checkout = Path(__file__).resolve().parents[3]
    made = machines.launch(f"""#!/bin/sh
echo "environment [$(env | grep -v '^_=' | cut -d= -f1 | sort | tr '\\n' ' ')]"
echo "folders [$(ls -A {checkout} {Path.home()} /home /tmp /mnt /srv /opt 2>/dev/null | grep -v : | tr -d '\\n')]"
echo "processes [$(ls -d /proc/[0-9]* | wc -l)]"
echo "mounts [$(cut -d' ' -f2 /proc/mounts | grep -c {checkout})]"
echo "names [$(cat /etc/resolv.conf)]"
echo "addresses [$(ip -4 -o address | awk '{{ print $4 }}' | tr '\\n' ' ')]"
touch /usr/bin/mine /var/lib/mine /tmp/mine && echo "written"
(echo 1 >/proc/sys/kernel/sysrq) 2>/dev/null || echo "the kernel is not its own"
date --set=2001-01-01 2>/dev/null >&2 || echo "neither is the clock"
mount -t tmpfs none /mnt && echo "mounted"
echo end
""")
    console = machines.says(made, "\r\nend\r\n").replace("\r", "")
    assert "environment [PATH PWD ]" in console
    assert "folders []" in console
    assert int(re.search(r"processes \[(\d+)\]", console)[1]) < 10
    assert "mounts [0]" in console and "names []" in console
    assert f"addresses [127.0.0.1/8 {made['PrivateIpAddress']}/32 169.254.169.254/32 ]" in console
    for line in ("written", "the kernel is not its own", "neither is the clock", "mounted"):
        assert f"{line}\n" in console
    assert not Path("/usr/bin/mine").exists() and not Path("/var/lib/mine").exists()


def test_user_data_may_be_compressed(machines):
    assert machines.says(machines.launch(gzip.compress(b"#!/bin/sh\necho unpacked\n")), "unpacked")


@pytest.mark.parametrize("more", [{}, {"UserData": "secret"}, {"UserData": gzip.compress(b"secret")},
                                  {"UserData": b"\x1f\x8b broken"}])
def test_without_a_script_an_instance_is_a_row(machines, local_aws, more):
    made = machines.ec2.run_instances(ImageId=machines.image, InstanceType="m5.large", MinCount=1, MaxCount=1,
                                      SubnetId=machines.subnet, **more)["Instances"][0]
    assert machines.describe(made)["State"]["Name"] == "running"
    assert local_aws.control("GET", "machines")["machines"] == {}
    assert "Linux" in machines.console(made)


def test_a_test_may_want_rows_alone(machines, local_aws):
    local_aws.control("POST", "machines", {"on": False})
    made = machines.launch(SLEEP)
    assert machines.describe(made)["State"]["Name"] == "running"
    assert local_aws.control("GET", "machines")["machines"] == {}
    local_aws.control("POST", "reset")
    assert local_aws.control("GET", "machines")["on"]


def test_user_data_is_limited(machines, error):
    def launch(size):
        return machines.launch("#" * size)
    assert launch(16384)
    assert error(lambda **_: launch(16385)) == ("InvalidParameterValue", 400, "User data is limited to 16384 bytes")


def test_several_instances_are_several_machines(machines):
    made = machines.ec2.run_instances(ImageId=machines.image, InstanceType="m5.large", MinCount=2, MaxCount=2,
                                      SubnetId=machines.subnet, UserData="#!/bin/sh\nhostname\n")["Instances"]
    for row in made:
        machines.says(row, row["PrivateDnsName"].partition(".")[0])


@pytest.mark.parametrize("wrong", [{"minute": 0}, {"beyond": "there"}, {"other": 1}])
def test_settings_that_are_none_are_refused(local_aws, wrong):
    with pytest.raises(OSError, match="400"):
        local_aws.control("POST", "machines", wrong)
