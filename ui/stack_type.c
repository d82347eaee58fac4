/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table. Times of creation are averages measured over many stacks and published with the tool rain (AWS); times of
 * deletion of mount targets and MemoryDB clusters are the middle of what AWS's guides say.
 */
#include "ui/stack_type.h"

#include <stddef.h>

#include "base/text.h"

static const struct stack_type types[] = {
	{"AWS::EC2::VPC", "Network", 12, 2, 0},
	{"AWS::EC2::InternetGateway", "Network", 17, 2, 0},
	{"AWS::EC2::VPCGatewayAttachment", "Network", 12, 12, 1},
	{"AWS::EC2::RouteTable", "Network", 12, 2, 1},
	{"AWS::EC2::Route", "Network", 2, 2, 2},
	{"AWS::EC2::Subnet", "Network", 4, 4, 1},
	{"AWS::EC2::SubnetRouteTableAssociation", "Network", 2, 2, 2},
	{"AWS::EC2::VPCEndpoint", "Network", 20, 20, 2},
	{"AWS::EC2::SecurityGroup", "Security", 6, 3, 1},
	{"AWS::EC2::SecurityGroupIngress", "Security", 3, 2, 2},
	{"AWS::EC2::SecurityGroupEgress", "Security", 3, 2, 2},
	{"AWS::IAM::Role", "Roles", 17, 4, 1},
	{"AWS::IAM::InstanceProfile", "Roles", 126, 4, 2},
	{"AWS::S3::Bucket", "Storage", 30, 2, 0},
	{"AWS::S3::BucketPolicy", "Storage", 12, 2, 2},
	{"AWS::EFS::FileSystem", "Storage", 5, 10, 0},
	{"AWS::EFS::MountTarget", "Storage", 93, 90, 2},
	{"AWS::MemoryDB::SubnetGroup", "MemoryDB", 2, 2, 2},
	{"AWS::MemoryDB::ParameterGroup", "MemoryDB", 1, 2, 0},
	{"AWS::MemoryDB::Cluster", "MemoryDB", 1054, 600, 2},
};

const struct stack_type *stack_type_of(const char *type)
{
	static const struct stack_type other = {"", "Other resources", 0, 0, 0};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (text_equal(types[i].type, type))
			return &types[i];
	}
	return &other;
}
