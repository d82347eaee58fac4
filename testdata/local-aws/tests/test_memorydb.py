# SPDX-License-Identifier: Apache-2.0
"""MemoryDB: groups, ACLs, clusters and what holds them together."""

import pytest

from conftest import ACCOUNT, REGION


@pytest.fixture
def world(local_aws):
    """(memorydb, ec2, subnet ids in zones a and b, group id), with subnet group "s"."""
    memorydb, ec2 = local_aws.client("memorydb"), local_aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=REGION + zone)["Subnet"]["SubnetId"]
               for n, zone in enumerate("ab")]
    group = ec2.create_security_group(VpcId=vpc, GroupName="g", Description="d")["GroupId"]
    memorydb.create_subnet_group(SubnetGroupName="s", SubnetIds=subnets)
    return memorydb, ec2, subnets, group


def create(memorydb, **more):
    arguments = {"ClusterName": "c", "NodeType": "db.t4g.small", "ACLName": "open-access", "SubnetGroupName": "s", **more}
    return memorydb.create_cluster(**arguments)["Cluster"]


def shown(memorydb, name="c", **more):
    return memorydb.describe_clusters(ClusterName=name, **more)["Clusters"][0]


def test_a_cluster_is_shown_whole(world):
    memorydb, _ec2, _subnets, group = world
    memorydb.create_parameter_group(ParameterGroupName="p", Family="memorydb_redis7")
    made = create(memorydb, NumShards=3, NumReplicasPerShard=1, SecurityGroupIds=[group], ParameterGroupName="p",
                  EngineVersion="7.0", Description="d", SnapshotRetentionLimit=2, TLSEnabled=True,
                  Tags=[{"Key": "k", "Value": "v"}])
    assert made["Status"] == "creating" and "Address" not in made["ClusterEndpoint"]
    row = shown(memorydb, ShowShardDetails=True)
    assert {name: row[name] for name in ("Name", "Status", "NumberOfShards", "AvailabilityMode", "NodeType", "Engine",
                                         "EngineVersion", "ParameterGroupName", "SubnetGroupName", "TLSEnabled",
                                         "ACLName", "SnapshotRetentionLimit", "Description", "ARN")} == {
        "Name": "c", "Status": "available", "NumberOfShards": 3, "AvailabilityMode": "MultiAZ",
        "NodeType": "db.t4g.small", "Engine": "redis", "EngineVersion": "7.0", "ParameterGroupName": "p",
        "SubnetGroupName": "s", "TLSEnabled": True, "ACLName": "open-access", "SnapshotRetentionLimit": 2,
        "Description": "d", "ARN": f"arn:aws:memorydb:{REGION}:{ACCOUNT}:cluster/c"}
    assert row["SecurityGroups"] == [{"SecurityGroupId": group, "Status": "active"}]
    assert row["ClusterEndpoint"]["Port"] == 6379
    assert row["ClusterEndpoint"]["Address"].endswith(f".memorydb.{REGION}.amazonaws.com")
    assert set(row) <= set(memorydb.meta.service_model.shape_for("Cluster").members)
    assert memorydb.list_tags(ResourceArn=row["ARN"])["TagList"] == [{"Key": "k", "Value": "v"}]
    assert "Shards" not in shown(memorydb)


def test_shards_cover_all_slots_and_lie_in_the_groups_zones(world):
    memorydb, *_ = world
    create(memorydb, NumShards=3, NumReplicasPerShard=2)
    shards = shown(memorydb, ShowShardDetails=True)["Shards"]
    slots = [slot for shard in shards for low, high in [map(int, shard["Slots"].split("-"))] for slot in range(low, high + 1)]
    assert slots == list(range(16384))
    for shard in shards:
        assert shard["NumberOfNodes"] == len(shard["Nodes"]) == 3
        assert {node["AvailabilityZone"] for node in shard["Nodes"]} == {REGION + "a", REGION + "b"}
    names = [node["Name"] for shard in shards for node in shard["Nodes"]]
    assert len(set(names)) == 9 and names[0] == "c-0001-001"


def test_a_single_node_is_in_one_zone(world):
    memorydb, *_ = world
    create(memorydb, NumReplicasPerShard=0)
    assert shown(memorydb)["AvailabilityMode"] == "SingleAZ"


@pytest.mark.parametrize("more, code", [
    ({"SubnetGroupName": "none"}, "SubnetGroupNotFoundFault"), ({"ParameterGroupName": "none"}, "ParameterGroupNotFoundFault"),
    ({"ACLName": "none"}, "ACLNotFoundFault"), ({"NodeType": "db.huge"}, "InvalidParameterValueException"),
    ({"SecurityGroupIds": ["sg-0123456789abcdef0"]}, "InvalidParameterValueException"),
    ({"EngineVersion": "5.0"}, "InvalidParameterValueException"), ({"ClusterName": "1c"}, "InvalidParameterValueException"),
    ({"ClusterName": "c" * 41}, "InvalidParameterValueException"), ({"ClusterName": "c--c"}, "InvalidParameterValueException"),
    ({"ParameterGroupName": "default.memorydb-redis6", "EngineVersion": "7.1"}, "InvalidParameterCombinationException"),
    ({"NumShards": 0}, "InvalidParameterValueException"), ({"NumReplicasPerShard": 6}, "InvalidParameterValueException")])
def test_a_cluster_that_cannot_be(world, error, more, code):
    memorydb, *_ = world
    assert error(lambda: create(memorydb, **more))[:2] == (code, 400)
    assert memorydb.describe_clusters()["Clusters"] == []


def test_names_are_taken_once_and_missing_ones_told(world, error):
    memorydb, *_ = world
    create(memorydb)
    assert error(lambda: create(memorydb))[0] == "ClusterAlreadyExistsFault"
    assert error(memorydb.describe_clusters, ClusterName="none")[0] == "ClusterNotFoundFault"
    assert error(memorydb.delete_cluster, ClusterName="none")[0] == "ClusterNotFoundFault"
    assert error(memorydb.create_subnet_group, SubnetGroupName="s", SubnetIds=["subnet-0"])[0] == "SubnetGroupAlreadyExistsFault"


def test_tls_off_needs_the_open_acl(world, error):
    memorydb, *_ = world
    memorydb.create_acl(ACLName="mine", UserNames=["default"])
    assert error(lambda: create(memorydb, ACLName="mine", TLSEnabled=False))[0] == "InvalidParameterCombinationException"
    assert create(memorydb, TLSEnabled=False)["TLSEnabled"] is False
    assert memorydb.describe_acls(ACLName="open-access")["ACLs"][0]["Clusters"] == ["c"]
    assert error(memorydb.delete_acl, ACLName="open-access")[0] == "InvalidACLStateFault"


def test_a_cluster_holds_its_groups_subnets_and_security_groups(world, error):
    memorydb, ec2, subnets, group = world
    memorydb.create_parameter_group(ParameterGroupName="p", Family="memorydb_redis7")
    create(memorydb, ParameterGroupName="p", SecurityGroupIds=[group], EngineVersion="7.1")
    assert error(memorydb.delete_subnet_group, SubnetGroupName="s")[0] == "SubnetGroupInUseFault"
    assert error(memorydb.delete_parameter_group, ParameterGroupName="p")[0] == "InvalidParameterGroupStateFault"
    assert error(ec2.delete_security_group, GroupId=group)[0] == "DependencyViolation"
    assert error(ec2.delete_subnet, SubnetId=subnets[0])[0] == "DependencyViolation"
    assert memorydb.delete_cluster(ClusterName="c")["Cluster"]["Status"] == "deleting"
    assert memorydb.describe_clusters()["Clusters"] == []
    memorydb.delete_subnet_group(SubnetGroupName="s")
    memorydb.delete_parameter_group(ParameterGroupName="p")
    ec2.delete_security_group(GroupId=group)
    ec2.delete_subnet(SubnetId=subnets[0])


def test_states_take_the_time_that_is_set(world, local_aws, error):
    memorydb, *_ = world
    local_aws.control("POST", "settings", {"settle": 3600})
    create(memorydb)
    assert shown(memorydb)["Status"] == "creating"
    assert error(memorydb.delete_cluster, ClusterName="c")[0] == "InvalidClusterStateFault"
    local_aws.control("POST", "settings", {"settle": 0})
    assert shown(memorydb)["Status"] == "available"
    memorydb.delete_cluster(ClusterName="c")
    local_aws.control("POST", "settings", {"settle": 3600})
    assert shown(memorydb)["Status"] == "deleting"
    assert error(memorydb.delete_subnet_group, SubnetGroupName="s")[0] == "SubnetGroupInUseFault"
    local_aws.control("POST", "settings", {"settle": 0})
    assert error(memorydb.describe_clusters, ClusterName="c")[0] == "ClusterNotFoundFault"


def test_parameters(local_aws, error):
    memorydb = local_aws.client("memorydb")
    memorydb.create_parameter_group(ParameterGroupName="p", Family="memorydb_redis7", Description="d")
    def policy():
        rows = memorydb.describe_parameters(ParameterGroupName="p")["Parameters"]
        return next(row for row in rows if row["Name"] == "maxmemory-policy")
    assert policy()["Value"] == "noeviction" and "allkeys-lru" in policy()["AllowedValues"].split(",")
    def set_to(name, value):
        return memorydb.update_parameter_group(ParameterGroupName="p", ParameterNameValues=[
            {"ParameterName": name, "ParameterValue": value}])
    set_to("maxmemory-policy", "allkeys-lru")
    assert policy()["Value"] == "allkeys-lru"
    for name, value in (("maxmemory-policy", "whatever"), ("no-such-parameter", "1"), ("databases", "0"), ("databases", "x")):
        assert error(lambda: set_to(name, value))[0] == "InvalidParameterValueException"
    memorydb.reset_parameter_group(ParameterGroupName="p", AllParameters=True)
    assert policy()["Value"] == "noeviction"
    assert error(memorydb.update_parameter_group, ParameterGroupName="default.memorydb-redis7", ParameterNameValues=[
        {"ParameterName": "timeout", "ParameterValue": "20"}])[0] == "InvalidParameterGroupStateFault"


def test_parameter_groups(local_aws, error):
    memorydb = local_aws.client("memorydb")
    names = [row["Name"] for row in memorydb.describe_parameter_groups()["ParameterGroups"]]
    assert names == ["default.memorydb-redis6", "default.memorydb-redis7", "default.memorydb-valkey7"]
    assert error(memorydb.create_parameter_group, ParameterGroupName="p", Family="redis7")[0] == "InvalidParameterValueException"
    made = memorydb.create_parameter_group(ParameterGroupName="p", Family="memorydb_valkey7", Description="d",
                                           Tags=[{"Key": "k", "Value": "v"}])["ParameterGroup"]
    assert made == {"Name": "p", "Family": "memorydb_valkey7", "Description": "d",
                    "ARN": f"arn:aws:memorydb:{REGION}:{ACCOUNT}:parametergroup/p"}
    assert error(memorydb.create_parameter_group, ParameterGroupName="p", Family="memorydb_redis7")[0] == "ParameterGroupAlreadyExistsFault"
    memorydb.delete_parameter_group(ParameterGroupName="p")
    assert error(memorydb.describe_parameters, ParameterGroupName="p")[0] == "ParameterGroupNotFoundFault"
    assert error(memorydb.list_tags, ResourceArn=made["ARN"])[0] == "ParameterGroupNotFoundFault"


def test_subnet_groups(world, error):
    memorydb, ec2, subnets, _group = world
    row = memorydb.describe_subnet_groups(SubnetGroupName="s")["SubnetGroups"][0]
    assert [(item["Identifier"], item["AvailabilityZone"]["Name"]) for item in row["Subnets"]] == [
        (subnets[0], REGION + "a"), (subnets[1], REGION + "b")]
    assert row["VpcId"] == ec2.describe_subnets(SubnetIds=subnets[:1])["Subnets"][0]["VpcId"]
    assert error(memorydb.create_subnet_group, SubnetGroupName="t", SubnetIds=["subnet-0123456789abcdef0"])[0] == "InvalidSubnet"
    default = ec2.describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"][0]["SubnetId"]
    assert error(memorydb.create_subnet_group, SubnetGroupName="t", SubnetIds=[subnets[0], default])[0] == "InvalidSubnet"
    memorydb.update_subnet_group(SubnetGroupName="s", SubnetIds=subnets[:1])
    assert len(memorydb.describe_subnet_groups(SubnetGroupName="s")["SubnetGroups"][0]["Subnets"]) == 1
    assert error(memorydb.describe_subnet_groups, SubnetGroupName="t")[0] == "SubnetGroupNotFoundFault"


def test_tags(world, error):
    memorydb, *_ = world
    arn = create(memorydb)["ARN"]
    memorydb.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    assert memorydb.untag_resource(ResourceArn=arn, TagKeys=["a"])["TagList"] == [{"Key": "b", "Value": "2"}]
    assert error(memorydb.list_tags, ResourceArn=arn + "x")[0] == "ClusterNotFoundFault"


def test_engine_versions_users_and_pages(local_aws):
    memorydb = local_aws.client("memorydb")
    rows = memorydb.describe_engine_versions(Engine="redis")["EngineVersions"]
    assert ("7.1", "memorydb_redis7") in [(row["EngineVersion"], row["ParameterGroupFamily"]) for row in rows]
    assert memorydb.describe_users()["Users"][0]["Name"] == "default"
    pages = list(memorydb.get_paginator("describe_parameters").paginate(
        ParameterGroupName="default.memorydb-redis7", PaginationConfig={"PageSize": 10}))
    assert len(pages) == 3 and len({row["Name"] for page in pages for row in page["Parameters"]}) > 20


def test_a_cluster_grows_and_shrinks(world):
    memorydb, ec2, *_ = world
    create(memorydb, NumReplicasPerShard=0)
    memorydb.update_cluster(ClusterName="c", ReplicaConfiguration={"ReplicaCount": 1})
    row = shown(memorydb, ShowShardDetails=True)
    assert (row["AvailabilityMode"], row["Shards"][0]["NumberOfNodes"]) == ("MultiAZ", 2)
    memorydb.update_cluster(ClusterName="c", ShardConfiguration={"ShardCount": 2})
    assert [shard["NumberOfNodes"] for shard in shown(memorydb, ShowShardDetails=True)["Shards"]] == [2, 2]
    assert len(ec2.describe_network_interfaces()["NetworkInterfaces"]) == 4


def test_users_and_the_acls_they_are_in(world, error):
    memorydb, *_ = world
    password = {"Type": "password", "Passwords": ["p" * 16]}
    made = memorydb.create_user(UserName="amy", AuthenticationMode=password, AccessString="on ~* +@all")["User"]
    assert made["Authentication"] == {"Type": "password", "PasswordCount": 1} and made["ACLNames"] == []
    memorydb.create_acl(ACLName="mine", UserNames=["amy"])
    assert memorydb.describe_users(UserName="amy")["Users"][0]["ACLNames"] == ["mine"]
    memorydb.update_acl(ACLName="mine", UserNamesToAdd=["default"], UserNamesToRemove=["amy"])
    assert memorydb.describe_acls(ACLName="mine")["ACLs"][0]["UserNames"] == ["default"]
    users = {row["Name"]: row for row in memorydb.describe_users()["Users"]}
    assert users["default"]["ACLNames"] == ["open-access", "mine"]
    assert users["default"]["Authentication"] == {"Type": "no-password"}
    memorydb.update_user(UserName="amy", AuthenticationMode={"Type": "iam"})
    assert memorydb.describe_users(UserName="amy")["Users"][0]["Authentication"] == {"Type": "iam"}
    memorydb.delete_user(UserName="amy")
    assert error(memorydb.describe_users, UserName="amy")[0] == "UserNotFoundFault"


@pytest.mark.parametrize("call, arguments, code", [
    ("create_acl", {"ACLName": "a", "UserNames": ["none"]}, "UserNotFoundFault"),
    ("update_acl", {"ACLName": "open-access", "UserNamesToRemove": ["default"]}, "InvalidACLStateFault"),
    ("delete_user", {"UserName": "default"}, "InvalidUserStateFault"),
    ("create_user", {"UserName": "b", "AccessString": "on", "AuthenticationMode": {
        "Type": "password", "Passwords": ["short"]}}, "InvalidParameterValueException")])
def test_users_and_acls_that_cannot_be(world, error, call, arguments, code):
    assert error(getattr(world[0], call), **arguments)[:2] == (code, 400)
