/* SPDX-License-Identifier: Apache-2.0 */
/* The table of descriptions. */
#include "providers/aws/cloud/delete/interface_owner.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/text.h"
#include "base/tree.h"

#define DATA_ADVICE(service) \
	"it may hold data, so look at it first: delete it in " service ", or move it to another VPC"

/* clang-format off */
/* What is more special comes first. */
static const struct interface_owner rows[] = {
	{"Interface for NAT Gateway *", "NAT gateway", .id_after = "Gateway ",
	 .command = "aws ec2 delete-nat-gateway --nat-gateway-id {id} --region {region}"},
	{"VPC Endpoint Interface *", "VPC endpoint", .id_after = "Interface ",
	 .command = "aws ec2 delete-vpc-endpoints --vpc-endpoint-ids {id} --region {region}"},
	{"EFS mount target for * (fsmt-*)", "mount target", .id_after = "(", .id_until = ")",
	 .command = "aws efs delete-mount-target --mount-target-id {id} --region {region}"},
	{"ELB app/*/*", "load balancer", .id_after = "ELB ",
	 .command = "aws elbv2 delete-load-balancer --load-balancer-arn arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{id} --region {region}"},
	{"ELB net/*/*", "load balancer", .id_after = "ELB ",
	 .command = "aws elbv2 delete-load-balancer --load-balancer-arn arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{id} --region {region}"},
	{"ELB gwy/*/*", "load balancer", .id_after = "ELB ",
	 .command = "aws elbv2 delete-load-balancer --load-balancer-arn arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{id} --region {region}"},
	{"ELB *", "classic load balancer", .id_after = "ELB ",
	 .command = "aws elb delete-load-balancer --load-balancer-name {id} --region {region}"},
	{"Network Interface for Transit Gateway Attachment *", "transit gateway attachment", .id_after = "Attachment ",
	 .command = "aws ec2 delete-transit-gateway-vpc-attachment --transit-gateway-attachment-id {id} --region {region}"},
	{"AWS Lambda VPC ENI-*", "Lambda function", .id_after = "ENI-",
	 .advice = "delete the function or take it out of the VPC; Lambda then frees the interface within about 20 minutes"},
	{"RDSNetworkInterface", "RDS database", .advice = DATA_ADVICE("RDS")},
	{"ElastiCache *", "ElastiCache cluster", .id_after = "ElastiCache ", .advice = DATA_ADVICE("ElastiCache")},
	{"*MemoryDB*", "MemoryDB cluster", .advice = DATA_ADVICE("MemoryDB")},
	{"RedshiftNetworkInterface", "Redshift cluster", .advice = DATA_ADVICE("Redshift")},
	{"DMSNetworkInterface", "DMS replication instance", .advice = "delete it in Database Migration Service"},
	{"Amazon EKS *", "EKS cluster", .id_after = "EKS ", .advice = "delete the cluster in EKS, or move it to another VPC"},
	{"AWS created network interface for directory *", "directory", .id_after = "directory ",
	 .advice = DATA_ADVICE("Directory Service")},
	{"Route 53 Resolver: *", "resolver endpoint", .id_after = "Resolver: ", .id_until = ":",
	 .command = "aws route53resolver delete-resolver-endpoint --resolver-endpoint-id {id} --region {region}"},
	{"arn:aws*:ecs:*", "ECS task", .advice = "stop the task, or the service that starts it, in ECS"},
};
/* clang-format on */

const struct interface_owner *interface_owner_find(const json_t *interface)
{
	const char *description = tree_text(interface, "description");

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		if (text_glob(rows[i].description, description, false))
			return &rows[i];
	return NULL;
}

const char *interface_owner_id(struct arena *arena, const struct interface_owner *owner,
	const json_t *interface)
{
	const char *id = owner->id_after ? strstr(tree_text(interface, "description"), owner->id_after)
					 : NULL;

	if (!id)
		return NULL;
	id += strlen(owner->id_after);
	if (owner->id_until && strstr(id, owner->id_until))
		return arena_strndup(arena, id, (size_t)(strstr(id, owner->id_until) - id));
	return *id ? id : NULL;
}
