# SPDX-License-Identifier: Apache-2.0
"""EC2 of an account in a region: EBS's default key, DHCP options, prefix lists, groups used in further VPCs."""

from conftest import ACCOUNT, REGION


def test_the_key_of_new_volumes(ec2, local_aws):
    assert ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"] is False
    assert ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == "alias/aws/ebs"
    key = local_aws.client("kms").create_key()["KeyMetadata"]
    assert ec2.modify_ebs_default_kms_key_id(KmsKeyId=key["KeyId"])["KmsKeyId"] == key["Arn"]
    ec2.enable_ebs_encryption_by_default()
    assert ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == key["Arn"]
    assert ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"] is True
    assert ec2.reset_ebs_default_kms_key_id()["KmsKeyId"] == "alias/aws/ebs"


def test_dhcp_options(ec2, vpc):
    [given] = ec2.describe_dhcp_options()["DhcpOptions"]
    assert {row["Key"]: [value["Value"] for value in row["Values"]] for row in given["DhcpConfigurations"]} == {
        "domain-name": [f"{REGION}.compute.internal"], "domain-name-servers": ["AmazonProvidedDNS"]}

    def of_vpc():
        return ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["DhcpOptionsId"]
    assert of_vpc() == given["DhcpOptionsId"]
    own = ec2.create_dhcp_options(DhcpConfigurations=[{"Key": "domain-name-servers", "Values": ["10.0.0.9"]}])
    ec2.associate_dhcp_options(DhcpOptionsId=own["DhcpOptions"]["DhcpOptionsId"], VpcId=vpc)
    assert of_vpc() == own["DhcpOptions"]["DhcpOptionsId"]
    ec2.associate_dhcp_options(DhcpOptionsId="default", VpcId=vpc)
    assert of_vpc() == "default"
    ec2.associate_dhcp_options(DhcpOptionsId=given["DhcpOptionsId"], VpcId=vpc)
    assert of_vpc() == given["DhcpOptionsId"]


def test_what_prefix_lists_hold(ec2):
    lists = {row["PrefixListName"]: row["PrefixListId"] for row in ec2.describe_managed_prefix_lists()["PrefixLists"]}
    of_s3 = lists[f"com.amazonaws.{REGION}.s3"]
    assert "52.216.0.0/15" in [row["Cidr"] for row in ec2.get_managed_prefix_list_entries(PrefixListId=of_s3)["Entries"]]
    own = ec2.create_managed_prefix_list(PrefixListName="mine", MaxEntries=2, AddressFamily="IPv4", Entries=[
        {"Cidr": "10.0.0.0/8", "Description": "ours"}])["PrefixList"]["PrefixListId"]
    assert ec2.get_managed_prefix_list_entries(PrefixListId=own)["Entries"] == [
        {"Cidr": "10.0.0.0/8", "Description": "ours"}]


def test_a_group_that_is_used_in_another_vpc(ec2, error, vpc):
    other = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    assert ec2.associate_security_group_vpc(GroupId=group, VpcId=other)["State"] == "associating"
    found = ec2.describe_security_group_vpc_associations(Filters=[{"Name": "group-id", "Values": [group]}])
    assert found["SecurityGroupVpcAssociations"] == [{
        "GroupId": group, "VpcId": other, "VpcOwnerId": ACCOUNT, "GroupOwnerId": ACCOUNT, "State": "associated"}]
    assert error(ec2.associate_security_group_vpc, GroupId=group, VpcId=vpc)[0] == "InvalidParameterValue"
    assert ec2.disassociate_security_group_vpc(GroupId=group, VpcId=other)["State"] == "disassociating"
    assert ec2.describe_security_group_vpc_associations()["SecurityGroupVpcAssociations"] == []
    assert error(ec2.disassociate_security_group_vpc, GroupId=group, VpcId=other)[0] == \
        "InvalidSecurityGroupVpcAssociation.NotFound"
