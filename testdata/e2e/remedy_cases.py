# SPDX-License-Identifier: Apache-2.0
"""What is broken so that every check whose finding is a fix says it: the changes of the verdicts' tests by their names, and
changes in which a careless command would take something away that is the customer's.

FIXES: check -> cases. A check of the catalogue that is not here gives advice only.
"""

import test_verify_mutations as network
import test_verify_mutations_services as services
from conftest import NOT_THE_CLOUDS, REGION
from verify_support import ANYWHERE, Changes, allow, policy, trust

own = Changes()


def limit(site, *actions: str):
    """Let the control-plane role do these, and change nothing but the cloud's."""
    site.grant("control-plane", "everything", allow(list(actions)), *NOT_THE_CLOUDS)


@own()
def one_rule_for_ssh_and_https(site):
    site.shut_in("tcp", 443, cidr=ANYWHERE)
    site.let_in("tcp", 22, 443, cidr=ANYWHERE)


@own()
def everything_open_and_nothing_by_name(site):
    """Members of the group reach each other, the file system and their answers by the open rule alone."""
    site.shut_in("tcp", 443, cidr=ANYWHERE)
    site.shut_in("-1", source=site.group)
    site.let_in("-1", cidr=ANYWHERE)


@own()
def a_policy_of_the_customers_has_our_name(site):
    limit(site, "iam:*", "cloudformation:*", "elasticloadbalancing:*", "acm:*", "elasticfilesystem:*", "s3:*")
    site.grant("control-plane", "cloudctl-clusters", allow("sqs:SendMessage"))
    site.grant("control-plane", "clusters", allow("sqs:ReceiveMessage"))


@own()
def only_the_buckets_name_is_granted(site):
    site.grant("cluster-node", "bucket", allow("s3:ListBucket", f"arn:aws:s3:::{site.bucket}"))


@own()
def load_balancers_are_not_granted(site):
    limit(site, "ec2:*", "iam:*", "cloudformation:*", "elasticfilesystem:*", "s3:*")


@own()
def passing_and_spot_are_not_granted(site):
    limit(site, "ec2:*", "iam:GetInstanceProfile", "cloudformation:*", "acm:*",
          "elasticloadbalancing:*", "elasticfilesystem:*", "s3:*")


@own()
def the_bucket_is_not_granted_to_the_control_plane(site):
    limit(site, "ec2:*", "iam:*", "cloudformation:*", "elasticloadbalancing:*", "acm:*", "elasticfilesystem:*",
          "s3:ListAllMyBuckets")


@own()
def another_service_is_trusted_with_the_node_role(site):
    site.set_trust("cluster-node", trust({"Service": "ssm.amazonaws.com"}), trust({"AWS": "arn:aws:iam::999999999999:root"}))


@own()
def an_empty_profile_of_the_roles_name(site):
    services.instance_profile_emptied(site)


@own()
def no_profile_at_all(site):
    services.instance_profile_emptied(site)
    site.iam.delete_instance_profile(InstanceProfileName="cluster-node")


@own()
def a_cross_origin_rule_for_something_else(site):
    site.s3.put_bucket_cors(Bucket=site.bucket, CORSConfiguration={"CORSRules": [
        {"ID": "ours", "AllowedOrigins": ["https://app.example.com"], "AllowedMethods": ["GET"], "AllowedHeaders": ["x-a"],
         "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 60}]})


@own(first=True, memorydb=True)
def memorydb_with_the_parameters_of_aws(site):
    services.use_cluster(site, ParameterGroupName="default.memorydb-redis7")


@own()
def a_route_table_without_a_way_out(site):
    table = site.ec2.create_route_table(VpcId=site.vpc)["RouteTable"]["RouteTableId"]
    rows = site.ec2.describe_route_tables(RouteTableIds=[site.public_table])["RouteTables"][0]["Associations"]
    [association] = [row for row in rows if row.get("SubnetId") == site.subnets[1]]
    site.ec2.replace_route_table_association(AssociationId=association["RouteTableAssociationId"], RouteTableId=table)
    site.ec2.modify_vpc_endpoint(VpcEndpointId=site.endpoint, AddRouteTableIds=[table])


@own()
def two_endpoints_behind_a_closed_group(site):
    """One rule opens both: a command that is printed twice fails the second time."""
    guard = site.add_group("guard")
    for service in ("sts", "ecr.api"):
        site.ec2.create_vpc_endpoint(VpcId=site.vpc, VpcEndpointType="Interface", SubnetIds=site.subnets,
                                     ServiceName=f"com.amazonaws.{REGION}.{service}", SecurityGroupIds=[guard],
                                     PrivateDnsEnabled=True)


# What no command can mend: the finding must not say "fix".

advice = Changes()


@advice({"iam.control-plane.clusters": "WARN"})
def a_deny_that_is_not_certain(site):
    """An Allow does not override it, and would only widen what the role may do."""
    site.grant("control-plane", "no-launch", {"Effect": "Deny", "Action": "ec2:RunInstances", "Resource": "*", "Condition": {
        "StringNotEquals": {"aws:PrincipalTag/team": "ray"}}})


@advice({"efs.mount-targets": "WARN"}, first=True)
def a_file_system_of_one_zone(site):
    for target in site.targets:
        site.efs.delete_mount_target(MountTargetId=target)
    site.file_system = site.efs.create_file_system(CreationToken="one", AvailabilityZoneName=f"{REGION}a",
                                                   Encrypted=True, Backup=True)["FileSystemId"]
    site.add_mount_target(site.subnets[0])


@advice({"iam.control-plane.trust": "FAIL"})
def the_control_plane_is_denied(site):
    services.trust_denied(site)


@advice({"vpc.s3-endpoint": "WARN"})
def images_are_denied_by_the_endpoint(site):
    site.ec2.modify_vpc_endpoint(VpcEndpointId=site.endpoint, PolicyDocument=policy(
        {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject",
         "Resource": f"arn:aws:s3:::prod-{REGION}-starport-layer-bucket/*"}))


FIXES = {
    "vpc.dns": ("dns support off", "dns host names off"),
    "vpc.s3-endpoint": ("s3 endpoint deleted", "s3 endpoint not on one route table", "endpoint for the bucket alone"),
    "vpc.interface-endpoints": ("two endpoints behind a closed group",),
    "subnets.route": ("one subnet falls back to the main route table", "a route table without a way out"),
    "subnets.public-ip": ("no public addresses", "public addresses in a private subnet"),
    "security-groups.ssh": ("ssh from anywhere",),
    "security-groups.self-in": ("no rule from itself", "everything from the vpc by address"),
    "security-groups.self-out": ("no rule to itself",),
    "security-groups.egress": ("only https out", "nothing out"),
    "security-groups.open-ports": ("dashboard open to the world", "everything open to the world",
                                   "one rule for ssh and https", "everything open and nothing by name"),
    "iam.control-plane.trust": ("another account trusted",),
    "iam.control-plane.external-id": ("external id taken out",),
    "iam.control-plane.clusters": ("a policy of the customers has our name",),
    "iam.control-plane.pass-role": ("passing and spot are not granted",),
    "iam.control-plane.services": ("load balancers are not granted",),
    "iam.control-plane.spot": ("passing and spot are not granted",),
    "iam.node.trust": ("node role for lambda", "another service is trusted with the node role"),
    "iam.node.instance-profile": ("an empty profile of the roles name", "no profile at all",
                                  "instance profile of another name"),
    "iam.node.ecr": ("no images",),
    "s3.access.control-plane": ("the bucket is not granted to the control plane",),
    "s3.access.node": ("objects without their bucket", "only the buckets name is granted"),
    "s3.kms": ("key disabled", "key about to be deleted"),
    "s3.cors": ("no cross origin rules", "a cross origin rule for something else"),
    "s3.public-access": ("public access block deleted",),
    "efs.mount-targets": ("second mount target deleted", "third zone without a mount target"),
    "efs.security-group": ("strange group on a mount target", "no rule from itself"),
    "efs.backup": ("backups off",),
    "memorydb.security-group": ("memorydb with a strange group", "no rule from itself with memorydb",
                                "only https out and nothing to itself"),
    "memorydb.replicas": ("memorydb without a replica",),
    "memorydb.maxmemory-policy": ("memorydb refuses when full", "memorydb with the parameters of aws"),
}
CHANGES = {param.id: param.values for param in (*network.changes, *services.changes, *own)}
