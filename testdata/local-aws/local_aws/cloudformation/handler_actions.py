# SPDX-License-Identifier: Apache-2.0
"""What CloudFormation's resource handlers do with the caller's permissions: type -> verb -> actions and resources.

Sources, and how they were weighed:
- the handlers' permissions in the resource schemas that AWS publishes ("handlers" of the registry schemas);
- the vendor's documented policy for creating a cloud of this kind, which was proven in the field: it holds what
  the handlers really call for VPC, EFS, IAM and a bucket's CORS, public-access block, tags and policy, the read
  handlers' calls among them. Its stacks have no MemoryDB, no encryption, versioning, lifecycle or ownership of a
  bucket, and no tags on the stack, so for those the schemas alone decide.
What a schema lists for properties that a resource does not have is not demanded of it: rows have "when".
Left out, because the schemas list it, the documented policy has not got it, and no source shows that it is called:
  ec2:CreateVpcEncryptionControl, DescribeVpcEncryptionControls (VPC); DescribeVpnGateways (VPCGatewayAttachment);
  DescribeNetworkInterfaces (Route); AcceptAddressTransfer, AssociateAddress, DisassociateAddress (EIP, which its NAT
  gateway takes and gives back); ReplaceRouteTableAssociation (SubnetRouteTableAssociation); DescribeInstances
  (SecurityGroup); DeleteTags at creation and vpc-lattice:*, vpce:AllowMultiRegion (VPCEndpoint);
  s3:ListBucket, TagResource, GetBucketAcl, PutObjectAcl, DeleteObject, and the Get… of analytics, inventory,
  metrics, replication, intelligent tiering, ABAC and metadata tables (Bucket);
  elasticfilesystem:DeleteReplicationConfiguration, PutFileSystemPolicy without a policy, UpdateFileSystemProtection
  without a protection, iam:PassRole (FileSystem).
- ec2:CreateNetworkInterface, DescribeNetworkInterfaces, DeleteNetworkInterface (MountTarget): EFS's API reference
  asks for them; the documented policy has not got them, and EFS's service-linked role, which came later than that
  text, has them and makes the interfaces.

Verbs: create (before the resource is made, or, where {id} stands in the row, right after), read (after a creation
or a change, as a handler ends), update (a row with "when" for properties that changed; without, always), delete.
{id} is the physical id, {name} the resource's own name, given or generated. Tags at creation are given with the
creating call, so it sees aws:RequestTag too.
"""

from __future__ import annotations

from ..authorization.demand import Demand

Actions = dict[str, tuple[Demand, ...]]

_KMS_EFS = {"kms:ViaService": "elasticfilesystem.{region}.amazonaws.com", "kms:CallerAccount": "{account}"}


def _reads(*actions: str, resource: str = "*") -> tuple[Demand, ...]:
    return tuple(Demand(action, resource) for action in actions)


def _tags(service: str, resource: str, create: str) -> Demand:
    """The tagging that goes with a creation: its action is checked on its own."""
    action, key = {"ec2": ("ec2:CreateTags", "ec2:CreateAction"),
                   "efs": ("elasticfilesystem:TagResource", "elasticfilesystem:CreateAction")}[service]
    return Demand(action, resource, when="tags", tagged=True, context={key: create})


def _retagging(service: str, resource: str) -> tuple[Demand, ...]:
    write, remove = {"ec2": ("ec2:CreateTags", "ec2:DeleteTags"),
                     "efs": ("elasticfilesystem:TagResource", "elasticfilesystem:UntagResource"),
                     "memorydb": ("memorydb:TagResource", "memorydb:UntagResource"),
                     "iam": ("iam:TagRole", "iam:UntagRole")}[service]
    return (Demand(write, resource, when="TagsWritten", tagged=True),
            Demand(remove, resource, when="TagsRemoved", context={"aws:TagKeys": "{TagsRemoved}"}))


EC2: dict[str, Actions] = {
    "AWS::EC2::VPC": {
        "create": (Demand("ec2:CreateVpc", "vpc/*", tagged=True), _tags("ec2", "vpc/*", "CreateVpc"),
                   Demand("ec2:ModifyVpcAttribute", "vpc/{id}", when="EnableDnsSupport EnableDnsHostnames"),
                   Demand("ec2:DescribeVpcAttribute", "vpc/{id}")),
        "read": (*_reads("ec2:DescribeVpcs", "ec2:DescribeNetworkAcls", "ec2:DescribeSecurityGroups"),
                 Demand("ec2:DescribeVpcAttribute", "vpc/{id}")),
        "update": (Demand("ec2:ModifyVpcAttribute", "vpc/{id}", when="EnableDnsSupport EnableDnsHostnames"),
                   Demand("ec2:ModifyVpcTenancy", "vpc/{id}", when="InstanceTenancy"), *_retagging("ec2", "vpc/{id}")),
        "delete": (Demand("ec2:DescribeVpcs"), Demand("ec2:DeleteVpc", "vpc/{id}"))},
    "AWS::EC2::InternetGateway": {
        "create": (Demand("ec2:CreateInternetGateway", "internet-gateway/*", tagged=True),
                   _tags("ec2", "internet-gateway/*", "CreateInternetGateway")),
        "read": _reads("ec2:DescribeInternetGateways"),
        "update": _retagging("ec2", "internet-gateway/{id}"),
        "delete": (Demand("ec2:DescribeInternetGateways"),
                   Demand("ec2:DeleteInternetGateway", "internet-gateway/{id}"))},
    "AWS::EC2::VPCGatewayAttachment": {
        "create": (Demand("ec2:AttachInternetGateway", "internet-gateway/{InternetGatewayId}"),
                   Demand("ec2:AttachInternetGateway", "vpc/{VpcId}")),
        "read": _reads("ec2:DescribeInternetGateways"),
        "update": tuple(Demand(f"ec2:{verb}InternetGateway", resource, when="InternetGatewayId")
                        for verb in ("Detach", "Attach")
                        for resource in ("internet-gateway/{InternetGatewayId}", "vpc/{VpcId}")),
        "delete": (Demand("ec2:DescribeInternetGateways"),
                   Demand("ec2:DetachInternetGateway", "internet-gateway/{InternetGatewayId}"),
                   Demand("ec2:DetachInternetGateway", "vpc/{VpcId}"))},
    "AWS::EC2::RouteTable": {
        "create": (Demand("ec2:CreateRouteTable", "route-table/*", tagged=True),
                   Demand("ec2:CreateRouteTable", "vpc/{VpcId}"), _tags("ec2", "route-table/*", "CreateRouteTable")),
        "read": _reads("ec2:DescribeRouteTables"),
        "update": _retagging("ec2", "route-table/{id}"),
        "delete": (Demand("ec2:DescribeRouteTables"), Demand("ec2:DeleteRouteTable", "route-table/{id}"))},
    "AWS::EC2::Route": {
        "create": (Demand("ec2:CreateRoute", "route-table/{RouteTableId}"),),
        "read": _reads("ec2:DescribeRouteTables"),
        "update": (Demand("ec2:ReplaceRoute", "route-table/{RouteTableId}"),),
        "delete": (Demand("ec2:DescribeRouteTables"), Demand("ec2:DeleteRoute", "route-table/{RouteTableId}"))},
    "AWS::EC2::SubnetRouteTableAssociation": {
        "create": (*_reads("ec2:DescribeSubnets", "ec2:DescribeRouteTables"),
                   Demand("ec2:AssociateRouteTable", "route-table/{RouteTableId}"),
                   Demand("ec2:AssociateRouteTable", "subnet/{SubnetId}")),
        "read": _reads("ec2:DescribeRouteTables"),
        "update": (),
        "delete": (*_reads("ec2:DescribeSubnets", "ec2:DescribeRouteTables"),
                   Demand("ec2:DisassociateRouteTable", "route-table/{RouteTableId}"),
                   Demand("ec2:DisassociateRouteTable", "subnet/{SubnetId}"))},
    "AWS::EC2::Subnet": {
        "create": (Demand("ec2:CreateSubnet", "subnet/*", tagged=True), Demand("ec2:CreateSubnet", "vpc/{VpcId}"),
                   _tags("ec2", "subnet/*", "CreateSubnet"),
                   Demand("ec2:ModifySubnetAttribute", "subnet/{id}", when="MapPublicIpOnLaunch")),
        "read": _reads("ec2:DescribeSubnets", "ec2:DescribeNetworkAcls"),
        "update": (Demand("ec2:ModifySubnetAttribute", "subnet/{id}", when="MapPublicIpOnLaunch"),
                   *_retagging("ec2", "subnet/{id}")),
        "delete": (Demand("ec2:DescribeSubnets"), Demand("ec2:DeleteSubnet", "subnet/{id}"))},
    "AWS::EC2::EIP": {
        "create": (Demand("ec2:AllocateAddress", "elastic-ip/*", tagged=True),
                   _tags("ec2", "elastic-ip/*", "AllocateAddress")),
        "read": _reads("ec2:DescribeAddresses"),
        "update": _retagging("ec2", "elastic-ip/{Allocation}"),
        "delete": (Demand("ec2:DescribeAddresses"), Demand("ec2:ReleaseAddress", "elastic-ip/{Allocation}"))},
    "AWS::EC2::NatGateway": {
        "create": (Demand("ec2:CreateNatGateway", "natgateway/*", tagged=True),
                   Demand("ec2:CreateNatGateway", "subnet/{SubnetId}"),
                   Demand("ec2:CreateNatGateway", "elastic-ip/{AllocationId}", when="AllocationId"),
                   _tags("ec2", "natgateway/*", "CreateNatGateway")),
        "read": _reads("ec2:DescribeNatGateways"),
        "update": _retagging("ec2", "natgateway/{id}"),
        "delete": (Demand("ec2:DescribeNatGateways"), Demand("ec2:DeleteNatGateway", "natgateway/{id}"))},
    "AWS::EC2::VPCEndpoint": {
        "create": (Demand("ec2:CreateVpcEndpoint", "vpc/{VpcId}"),
                   Demand("ec2:CreateVpcEndpoint", "vpc-endpoint/*", tagged=True,
                          context={"ec2:VpceServiceName": "{ServiceName}"}),
                   Demand("ec2:CreateVpcEndpoint", "route-table/{RouteTableIds}", when="RouteTableIds"),
                   Demand("ec2:CreateVpcEndpoint", "subnet/{SubnetIds}", when="SubnetIds"),
                   Demand("ec2:CreateVpcEndpoint", "security-group/{SecurityGroupIds}", when="SecurityGroupIds"),
                   _tags("ec2", "vpc-endpoint/*", "CreateVpcEndpoint")),
        "read": _reads("ec2:DescribeVpcEndpoints", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups",
                       "ec2:DescribeVpcs"),
        "update": (Demand("ec2:ModifyVpcEndpoint", "vpc-endpoint/{id}",
                          when="RouteTableIds SubnetIds SecurityGroupIds PolicyDocument PrivateDnsEnabled"),
                   Demand("ec2:ModifyVpcEndpoint", "route-table/{RouteTableIds}", when="RouteTableIds"),
                   Demand("ec2:ModifyVpcEndpoint", "subnet/{SubnetIds}", when="SubnetIds"),
                   Demand("ec2:ModifyVpcEndpoint", "security-group/{SecurityGroupIds}", when="SecurityGroupIds"),
                   *_retagging("ec2", "vpc-endpoint/{id}")),
        "delete": (*_reads("ec2:DescribeVpcEndpoints", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups",
                           "ec2:DescribeVpcs"),
                   Demand("ec2:DeleteVpcEndpoints", "vpc-endpoint/{id}"))},
    "AWS::EC2::SecurityGroup": {
        "create": (Demand("ec2:CreateSecurityGroup", "security-group/*", tagged=True),
                   Demand("ec2:CreateSecurityGroup", "vpc/{VpcId}", when="VpcId"),
                   _tags("ec2", "security-group/*", "CreateSecurityGroup"),
                   Demand("ec2:AuthorizeSecurityGroupIngress", "security-group/{id}", when="SecurityGroupIngress"),
                   # EC2's own rule, everything out, makes way for the template's, even for the same one.
                   Demand("ec2:RevokeSecurityGroupEgress", "security-group/{id}", when="SecurityGroupEgress"),
                   Demand("ec2:AuthorizeSecurityGroupEgress", "security-group/{id}", when="SecurityGroupEgress")),
        "read": _reads("ec2:DescribeSecurityGroups"),
        "update": (Demand("ec2:AuthorizeSecurityGroupIngress", "security-group/{id}", when="SecurityGroupIngress"),
                   Demand("ec2:RevokeSecurityGroupIngress", "security-group/{id}", when="SecurityGroupIngress"),
                   Demand("ec2:AuthorizeSecurityGroupEgress", "security-group/{id}", when="SecurityGroupEgress"),
                   Demand("ec2:RevokeSecurityGroupEgress", "security-group/{id}", when="SecurityGroupEgress"),
                   *_retagging("ec2", "security-group/{id}")),
        "delete": (Demand("ec2:DescribeSecurityGroups"), Demand("ec2:DeleteSecurityGroup", "security-group/{id}"))},
    "AWS::EC2::SecurityGroupIngress": {
        "create": (Demand("ec2:AuthorizeSecurityGroupIngress", "security-group/{GroupId}"),
                   Demand("ec2:DescribeSecurityGroupRules")),
        "read": _reads("ec2:DescribeSecurityGroups", "ec2:DescribeSecurityGroupRules"),
        "update": (Demand("ec2:UpdateSecurityGroupRuleDescriptionsIngress", "security-group/{GroupId}",
                          when="Description"),),
        "delete": (Demand("ec2:DescribeSecurityGroupRules"),
                   Demand("ec2:RevokeSecurityGroupIngress", "security-group/{GroupId}"))},
    "AWS::EC2::SecurityGroupEgress": {
        "create": (Demand("ec2:AuthorizeSecurityGroupEgress", "security-group/{GroupId}"),
                   Demand("ec2:RevokeSecurityGroupEgress", "security-group/{GroupId}"),
                   Demand("ec2:DescribeSecurityGroupRules")),
        "read": _reads("ec2:DescribeSecurityGroupRules"),
        "update": (Demand("ec2:UpdateSecurityGroupRuleDescriptionsEgress", "security-group/{GroupId}",
                          when="Description"),),
        "delete": (Demand("ec2:DescribeSecurityGroupRules"),
                   Demand("ec2:RevokeSecurityGroupEgress", "security-group/{GroupId}"))},
}

# Property of a bucket -> the action that sets it, and that takes it away.
_BUCKET = {"BucketEncryption": "s3:PutEncryptionConfiguration", "CorsConfiguration": "s3:PutBucketCORS",
           "LifecycleConfiguration": "s3:PutLifecycleConfiguration",
           "LoggingConfiguration": "s3:PutBucketLogging", "OwnershipControls": "s3:PutBucketOwnershipControls",
           "PublicAccessBlockConfiguration": "s3:PutBucketPublicAccessBlock",
           "VersioningConfiguration": "s3:PutBucketVersioning"}
_BUCKET_READS = ("s3:GetAccelerateConfiguration", "s3:GetBucketCORS", "s3:GetBucketLogging",
                 "s3:GetBucketNotification", "s3:GetBucketObjectLockConfiguration", "s3:GetBucketOwnershipControls",
                 "s3:GetBucketPublicAccessBlock", "s3:GetBucketTagging", "s3:GetBucketVersioning",
                 "s3:GetBucketWebsite")

S3: dict[str, Actions] = {
    "AWS::S3::Bucket": {
        "create": (Demand("s3:CreateBucket", "{name}", context={"s3:locationconstraint": "{region}"}),
                   Demand("s3:PutBucketTagging", "{name}", when="tags"),
                   *(Demand(action, "{name}", when=name) for name, action in _BUCKET.items())),
        "read": (*_reads(*_BUCKET_READS, resource="{id}"),
                 Demand("s3:GetEncryptionConfiguration", "{id}", when="BucketEncryption"),
                 Demand("s3:GetLifecycleConfiguration", "{id}", when="LifecycleConfiguration")),
        "update": (*(Demand(action, "{id}", when=name) for name, action in _BUCKET.items()),
                   Demand("s3:PutBucketTagging", "{id}", when="TagsWritten TagsRemoved")),
        "delete": (Demand("s3:DeleteBucket", "{id}"),)},
    "AWS::S3::BucketPolicy": {
        "create": (Demand("s3:GetBucketPolicy", "{Bucket}"), Demand("s3:PutBucketPolicy", "{Bucket}")),
        "read": (Demand("s3:GetBucketPolicy", "{Bucket}"),),
        "update": (Demand("s3:PutBucketPolicy", "{Bucket}", when="PolicyDocument"),),
        "delete": (Demand("s3:GetBucketPolicy", "{Bucket}"), Demand("s3:DeleteBucketPolicy", "{Bucket}"))},
}

_FILE_SYSTEM = "file-system/{id}"
# Without a key of the customer's it is the account's aws/elasticfilesystem.
_EFS_KEY = "key/{EfsKeyId}"

EFS: dict[str, Actions] = {
    "AWS::EFS::FileSystem": {
        "create": (Demand("elasticfilesystem:CreateFileSystem", tagged=True,
                          context={"elasticfilesystem:Encrypted": "{Encrypted}"}),
                   _tags("efs", "file-system/*", "CreateFileSystem"),
                   Demand("kms:DescribeKey", _EFS_KEY, when="EfsKeyId", context=_KMS_EFS),
                   Demand("kms:GenerateDataKeyWithoutPlaintext", _EFS_KEY, when="EfsKeyId", context=_KMS_EFS),
                   Demand("kms:CreateGrant", _EFS_KEY, when="EfsKeyId",
                          context=_KMS_EFS | {"kms:GrantIsForAWSResource": "true"}),
                   Demand("iam:CreateServiceLinkedRole", "{EfsLinkedRole}", when="EfsLinkedRole",
                          context={"iam:AWSServiceName": "elasticfilesystem.amazonaws.com"}),
                   Demand("elasticfilesystem:DescribeFileSystems", _FILE_SYSTEM),
                   Demand("elasticfilesystem:PutLifecycleConfiguration", _FILE_SYSTEM, when="LifecyclePolicies"),
                   Demand("elasticfilesystem:PutBackupPolicy", _FILE_SYSTEM, when="BackupPolicy"),
                   Demand("elasticfilesystem:PutFileSystemPolicy", _FILE_SYSTEM, when="FileSystemPolicy"),
                   Demand("elasticfilesystem:UpdateFileSystemProtection", _FILE_SYSTEM, when="FileSystemProtection")),
        "read": _reads("elasticfilesystem:DescribeFileSystems", "elasticfilesystem:DescribeBackupPolicy",
                       "elasticfilesystem:DescribeFileSystemPolicy", "elasticfilesystem:DescribeLifecycleConfiguration",
                       "elasticfilesystem:DescribeReplicationConfigurations", resource=_FILE_SYSTEM),
        "update": (Demand("elasticfilesystem:UpdateFileSystem", _FILE_SYSTEM,
                          when="ThroughputMode ProvisionedThroughputInMibps"),
                   Demand("elasticfilesystem:PutLifecycleConfiguration", _FILE_SYSTEM, when="LifecyclePolicies"),
                   Demand("elasticfilesystem:PutBackupPolicy", _FILE_SYSTEM, when="BackupPolicy"),
                   Demand("elasticfilesystem:PutFileSystemPolicy", _FILE_SYSTEM, when="FileSystemPolicy"),
                   Demand("elasticfilesystem:DeleteFileSystemPolicy", _FILE_SYSTEM, when="FileSystemPolicyRemoved"),
                   Demand("elasticfilesystem:UpdateFileSystemProtection", _FILE_SYSTEM, when="FileSystemProtection"),
                   *_retagging("efs", _FILE_SYSTEM)),
        "delete": (Demand("elasticfilesystem:DescribeFileSystems", _FILE_SYSTEM),
                   Demand("elasticfilesystem:DescribeReplicationConfigurations", _FILE_SYSTEM),
                   Demand("elasticfilesystem:DeleteFileSystem", _FILE_SYSTEM))},
    "AWS::EFS::MountTarget": {
        "create": (Demand("elasticfilesystem:CreateMountTarget", "file-system/{FileSystemId}"),
                   Demand("ec2:DescribeSubnets"),
                   Demand("elasticfilesystem:DescribeMountTargets", "file-system/{FileSystemId}")),
        "read": _reads("elasticfilesystem:DescribeMountTargets", "elasticfilesystem:DescribeMountTargetSecurityGroups",
                       resource="file-system/{FileSystemId}"),
        "update": (Demand("elasticfilesystem:ModifyMountTargetSecurityGroups", "file-system/{FileSystemId}",
                          when="SecurityGroups"),),
        "delete": (Demand("elasticfilesystem:DescribeMountTargets", "file-system/{FileSystemId}"),
                   Demand("elasticfilesystem:DeleteMountTarget", "file-system/{FileSystemId}"))},
}

_ROLE, _PROFILE = "role{Path}{name}", "instance-profile{Path}{name}"
_BOUNDARY = {"iam:PermissionsBoundary": "{PermissionsBoundary}"}
_POLICY = {"iam:PolicyARN": "{item}"}
_PASSING = Demand("iam:PassRole", "role/{Roles}", when="Roles", context={"iam:PassedToService": "ec2.amazonaws.com"})


def _holders(action: str, when: str = "", **more) -> tuple[Demand, ...]:
    """The action, with the holder's noun in it, for each role, user and group that a policy is given to."""
    return tuple(Demand(f"iam:{action.format(noun)}", f"{noun.lower()}/{{item}}", each=f"{noun}s",
                        when=f"{noun}s {when}" if when else "", **more) for noun in ("Role", "User", "Group"))


IAM: dict[str, Actions] = {
    "AWS::IAM::Role": {
        "create": (Demand("iam:CreateRole", _ROLE, tagged=True, context=_BOUNDARY),
                   Demand("iam:TagRole", _ROLE, when="tags", tagged=True),
                   Demand("iam:AttachRolePolicy", _ROLE, each="ManagedPolicyArns",
                          context=_POLICY | _BOUNDARY),
                   Demand("iam:PutRolePolicy", _ROLE, when="Policies", context=_BOUNDARY),
                   Demand("iam:GetRolePolicy", _ROLE, when="Policies"),
                   Demand("iam:GetRole", _ROLE)),
        # The lists of a role's policies are read to find those to delete; the documented policy has the role
        # deleted without iam:ListRolePolicies and iam:ListAttachedRolePolicies.
        "read": (Demand("iam:GetRole", _ROLE),),
        "update": (Demand("iam:UpdateAssumeRolePolicy", _ROLE, when="AssumeRolePolicyDocument"),
                   Demand("iam:UpdateRole", _ROLE, when="MaxSessionDuration Description"),
                   Demand("iam:PutRolePermissionsBoundary", _ROLE, when="PermissionsBoundary", context=_BOUNDARY),
                   Demand("iam:DeleteRolePermissionsBoundary", _ROLE, when="PermissionsBoundaryRemoved"),
                   Demand("iam:AttachRolePolicy", _ROLE, each="ManagedPolicyArnsAdded", context=_POLICY),
                   Demand("iam:DetachRolePolicy", _ROLE, each="ManagedPolicyArnsRemoved", context=_POLICY),
                   Demand("iam:PutRolePolicy", _ROLE, when="PoliciesAdded"),
                   Demand("iam:DeleteRolePolicy", _ROLE, when="PoliciesRemoved"), *_retagging("iam", _ROLE)),
        "delete": (Demand("iam:GetRole", _ROLE),
                   Demand("iam:DetachRolePolicy", _ROLE, each="ManagedPolicyArns", context=_POLICY),
                   Demand("iam:DeleteRolePolicy", _ROLE, when="Policies"), Demand("iam:DeleteRole", _ROLE))},
    "AWS::IAM::InstanceProfile": {
        "create": (Demand("iam:CreateInstanceProfile", _PROFILE),
                   Demand("iam:AddRoleToInstanceProfile", _PROFILE, when="Roles"),
                   _PASSING,
                   Demand("iam:GetInstanceProfile", _PROFILE)),
        "read": (Demand("iam:GetInstanceProfile", _PROFILE),),
        "update": (Demand("iam:RemoveRoleFromInstanceProfile", _PROFILE, when="Roles"),
                   Demand("iam:AddRoleToInstanceProfile", _PROFILE, when="Roles"),
                   _PASSING),
        "delete": (Demand("iam:GetInstanceProfile", _PROFILE),
                   Demand("iam:RemoveRoleFromInstanceProfile", _PROFILE, when="Roles"),
                   Demand("iam:DeleteInstanceProfile", _PROFILE))},
    "AWS::IAM::Policy": {
        "create": _holders("Put{}Policy") + _holders("Get{}Policy"),
        "read": (),
        "update": _holders("Put{}Policy", "PolicyDocument PolicyName")
        + _holders("Delete{}Policy", "PolicyDocument PolicyName"),
        "delete": _holders("Delete{}Policy")},
    "AWS::IAM::ManagedPolicy": {
        "create": (Demand("iam:CreatePolicy", "policy{Path}{name}"),
                   *_holders("Attach{}Policy", context={"iam:PolicyARN": "{id}"})),
        "read": _reads("iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListEntitiesForPolicy", resource="{id}"),
        "update": (*_reads("iam:GetPolicy", "iam:ListPolicyVersions", resource="{id}"),
                   Demand("iam:CreatePolicyVersion", "{id}", when="PolicyDocument"),
                   Demand("iam:DeletePolicyVersion", "{id}", when="PolicyDocument"),
                   *(Demand(f"iam:{verb}{noun}Policy", f"{noun.lower()}/{{item}}", each=f"{noun}s", when=f"{noun}s",
                            context={"iam:PolicyARN": "{id}"})
                     for verb in ("Attach", "Detach") for noun in ("Role", "User", "Group"))),
        "delete": (*_reads("iam:GetPolicy", "iam:ListPolicyVersions", "iam:ListEntitiesForPolicy", resource="{id}"),
                   *_holders("Detach{}Policy", context={"iam:PolicyARN": "{id}"}),
                   Demand("iam:DeletePolicy", "{id}"))},
}


def _linked(role: str) -> Demand:
    return Demand("iam:CreateServiceLinkedRole", "{" + role + "}", when=role,
                  context={"iam:AWSServiceName": "memorydb.amazonaws.com"})


def _memorydb(noun: str, kind: str, create: tuple[Demand, ...], plural: str, *updated: str) -> Actions:
    """The handlers of the three MemoryDB types differ in their words only. A creation's tags are its own."""
    own = f"{kind}/{{name}}"
    return {
        "create": (*create, Demand("memorydb:TagResource", own, when="tags", tagged=True),
                   _linked("MemoryDbLinkedRole"), Demand(f"memorydb:{plural}", own), Demand("memorydb:ListTags", own)),
        "read": (Demand(f"memorydb:{plural}", own), Demand("memorydb:ListTags", own)),
        "update": (Demand(f"memorydb:Update{noun}", own, when=" ".join(updated)), *_retagging("memorydb", own)),
        "delete": (*(() if noun == "ParameterGroup" else (Demand(f"memorydb:{plural}", own),)),
                   Demand(f"memorydb:Delete{noun}", own))}


MEMORYDB: dict[str, Actions] = {
    "AWS::MemoryDB::SubnetGroup": _memorydb(
        "SubnetGroup", "subnetgroup", (Demand("memorydb:CreateSubnetGroup", tagged=True),),
        "DescribeSubnetGroups", "Description", "SubnetIds"),
    "AWS::MemoryDB::ParameterGroup": _memorydb(
        "ParameterGroup", "parametergroup",
        # The service's CreateParameterGroup takes no values; they are an update right after it.
        (Demand("memorydb:CreateParameterGroup", tagged=True),
         Demand("memorydb:UpdateParameterGroup", "parametergroup/{name}", when="Parameters")),
        "DescribeParameterGroups", "Parameters"),
    "AWS::MemoryDB::Cluster": _memorydb(
        "Cluster", "cluster",
        tuple(Demand("memorydb:CreateCluster", resource, when=when, tagged=True,
                     context={"memorydb:TLSEnabled": "{TLSEnabled}"})
              for resource, when in (("acl/{ACLName}", ""),
                                     ("parametergroup/{ParameterGroupName}", "ParameterGroupName"),
                                     ("subnetgroup/{SubnetGroupName}", "SubnetGroupName")))
        + tuple(Demand(f"kms:{action}", "key/{KmsKeyId}", when="KmsKeyId",
                       context={"kms:ViaService": "memorydb.{region}.amazonaws.com", "kms:CallerAccount": "{account}"})
                for action in ("DescribeKey", "CreateGrant")),
        "DescribeClusters", "Description", "SecurityGroupIds", "MaintenanceWindow", "SnsTopicArn", "SnsTopicStatus",
        "ParameterGroupName", "SnapshotWindow", "SnapshotRetentionLimit", "NodeType", "Engine", "EngineVersion",
        "ACLName", "IpDiscovery", "NumShards", "NumReplicasPerShard"),
}

KEYS_AND_SECRETS: dict[str, Actions] = {
    "AWS::KMS::Key": {
        "create": (Demand("kms:CreateKey", tagged=True),
                   Demand("kms:TagResource", "key/{id}", when="tags", tagged=True),
                   Demand("kms:EnableKeyRotation", "key/{id}", when="EnableKeyRotation"),
                   Demand("kms:DisableKey", "key/{id}", when="Enabled")),
        "read": _reads("kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags",
                       resource="key/{id}"),
        "update": (Demand("kms:PutKeyPolicy", "key/{id}", when="KeyPolicy"),
                   Demand("kms:UpdateKeyDescription", "key/{id}", when="Description"),
                   Demand("kms:EnableKeyRotation", "key/{id}", when="EnableKeyRotation"),
                   Demand("kms:DisableKeyRotation", "key/{id}", when="EnableKeyRotation"),
                   Demand("kms:EnableKey", "key/{id}", when="Enabled"),
                   Demand("kms:DisableKey", "key/{id}", when="Enabled"),
                   Demand("kms:TagResource", "key/{id}", when="TagsWritten", tagged=True),
                   Demand("kms:UntagResource", "key/{id}", when="TagsRemoved")),
        "delete": (Demand("kms:DescribeKey", "key/{id}"), Demand("kms:ScheduleKeyDeletion", "key/{id}"))},
    "AWS::SecretsManager::Secret": {
        "create": (Demand("secretsmanager:CreateSecret", "secret:{name}-*", tagged=True),
                   Demand("secretsmanager:TagResource", "secret:{name}-*", when="tags", tagged=True),
                   Demand("secretsmanager:GetRandomPassword", when="GenerateSecretString")),
        "read": (Demand("secretsmanager:DescribeSecret", "{id}"),),
        "update": (Demand("secretsmanager:UpdateSecret", "{id}", when="Description KmsKeyId SecretString"),
                   Demand("secretsmanager:TagResource", "{id}", when="TagsWritten", tagged=True),
                   Demand("secretsmanager:UntagResource", "{id}", when="TagsRemoved")),
        "delete": (Demand("secretsmanager:DescribeSecret", "{id}"), Demand("secretsmanager:DeleteSecret", "{id}"))},
}



def _balancer(action: str, resource: str, **more) -> Demand:
    return Demand(f"elasticloadbalancing:{action}", resource, **more)


def _added_tags(resource: str, create: str) -> Demand:
    return _balancer("AddTags", resource, when="tags", tagged=True,
                     context={"elasticloadbalancing:CreateAction": create})


BALANCING: dict[str, Actions] = {
    "AWS::ElasticLoadBalancingV2::LoadBalancer": {
        "create": (_balancer("CreateLoadBalancer", "loadbalancer/app/{name}/*", tagged=True),
                   _added_tags("loadbalancer/app/{name}/*", "CreateLoadBalancer")),
        "read": _reads("elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTags",
                       "elasticloadbalancing:DescribeLoadBalancerAttributes"),
        "update": (),
        "delete": (*_reads("elasticloadbalancing:DescribeLoadBalancers"), _balancer("DeleteLoadBalancer", "{id}"))},
    "AWS::ElasticLoadBalancingV2::TargetGroup": {
        "create": (_balancer("CreateTargetGroup", "targetgroup/{name}/*", tagged=True),
                   _added_tags("targetgroup/{name}/*", "CreateTargetGroup")),
        "read": _reads("elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTags",
                       "elasticloadbalancing:DescribeTargetGroupAttributes"),
        "update": (_balancer("ModifyTargetGroup", "{id}", when="HealthCheckPath"),),
        "delete": (*_reads("elasticloadbalancing:DescribeTargetGroups"), _balancer("DeleteTargetGroup", "{id}"))},
    "AWS::ElasticLoadBalancingV2::Listener": {
        "create": (_balancer("CreateListener", "{LoadBalancerArn}", tagged=True),
                   _added_tags("{ListenerOfBalancer}", "CreateListener")),
        "read": _reads("elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeTags"),
        "update": (),
        "delete": (*_reads("elasticloadbalancing:DescribeListeners"), _balancer("DeleteListener", "{id}"))},
}

HANDLERS: dict[str, Actions] = EC2 | S3 | EFS | IAM | MEMORYDB | KEYS_AND_SECRETS | BALANCING
