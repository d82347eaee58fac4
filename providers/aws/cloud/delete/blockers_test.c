/* SPDX-License-Identifier: Apache-2.0 */
/* What replies of AWS mean for a deletion, a row each: what is in the way, what it holds, and how it goes. */
#include "base/test.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/delete/blockers.h"
#include "providers/aws/cloud/delete/delete_plan.h"
#include "providers/aws/cloud/delete/survey.h"
#include "providers/aws/cloud/stack.h"
#include "providers/records/cloud.h"

#define STACK_ARN "arn:aws:cloudformation:us-west-2:123456789012:stack/cld-x/1"
#define RESOURCE(logical, physical, type) \
	"{\"LogicalResourceId\":\"" logical "\",\"PhysicalResourceId\":\"" physical \
	"\",\"ResourceType\":\"" type "\",\"ResourceStatus\":\"CREATE_COMPLETE\"}"

static const char resources[] = "{\"StackResourceSummaries\":[" RESOURCE("Vpc", "vpc-1",
	"AWS::EC2::VPC") "," RESOURCE("Subnet1", "subnet-1", "AWS::EC2::Subnet") "," RESOURCE("SecurityGroup",
	"sg-1", "AWS::EC2::SecurityGroup") "," RESOURCE("NodeInstanceProfile", "node",
	"AWS::IAM::InstanceProfile") "," RESOURCE("NodeRole", "node",
	"AWS::IAM::Role") "," RESOURCE("FileSystem", "fs-1",
	"AWS::EFS::FileSystem") "," RESOURCE("MountTarget1", "fsmt-1",
	"AWS::EFS::MountTarget") "," RESOURCE("PublicRouteTable", "rtb-1",
	"AWS::EC2::RouteTable") "," RESOURCE("NatGateway1", "nat-1",
	"AWS::EC2::NatGateway") "," RESOURCE("MemoryDBSubnetGroup", "cl-x",
	"AWS::MemoryDB::SubnetGroup") "," RESOURCE("MemoryDBCluster", "cl-x", "AWS::MemoryDB::Cluster") "]}";

struct fixture {
	struct arena arena;
	struct cloud cloud;
	struct facts *facts;
};

static const json_t *read_json(struct fixture *f, const char *text)
{
	json_error_t where;
	json_t *tree = json_loads(text, 0, &where);

	if (!tree)
		fail_msg("%s: %s", where.text, text);
	return tree_defer(&f->arena, tree);
}

/* "cld-x" in us-west-2 with the resources above; its control plane sends the tag "owner". */
static void open_fixture(struct fixture *f)
{
	const struct cloud cloud = {.name = "prod",
		.id = "cld_x",
		.region = "us-west-2",
		.account = "123456789012",
		AWS_CLOUD(.stack_name = "cld-x", .stack_arn = STACK_ARN, .cloud_tag = "owner")};

	*f = (struct fixture){0};
	f->cloud = cloud_copy(&f->arena, &cloud);
	f->facts = facts_new(&f->arena, &survey_plan, &f->cloud);
	facts_learn(f->facts, SURVEY_RESOURCES, read_json(f, resources));
}

/* One fact, with ' for ", and all that is in the way because of it, one a line. */
struct row {
	enum survey_fact fact;
	const char *reply, *expected;
};

#define AWS_EC2 "aws ec2 "
#define HERE " --region us-west-2"
#define INTERFACE(more) \
	"{'networkInterfaceSet':[{'networkInterfaceId':'eni-1','subnetId':'subnet-1','groupSet':[{'groupId':'sg-1'}],'status':'in-use'," more \
	"}]}"
#define MANAGED(description) INTERFACE("'requesterManaged':'true','description':'" description "'")

static const struct row table[] =
	{
		/* the stack itself */
		{SURVEY_STACK, "{'StackName':'cld-x','StackStatus':'CREATE_COMPLETE'}", ""},
		{SURVEY_STACK, "{'StackName':'cld-x','StackStatus':'UPDATE_IN_PROGRESS'}",
			"stack operation cld-x (UPDATE_IN_PROGRESS) holds the stack: somebody changes the stack; wait until that has ended"},
		{SURVEY_STACK,
			"{'StackName':'cld-x','StackStatus':'CREATE_COMPLETE','EnableTerminationProtection':'true'}",
			"termination protection cld-x holds the stack: aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name cld-x" HERE},
		/* MemoryDB's cluster has the same name */
		{SURVEY_STACK, "{'StackName':'cl-x','StackStatus':'UPDATE_IN_PROGRESS'}",
			"stack operation cl-x (UPDATE_IN_PROGRESS) holds the stack: somebody changes the stack; wait until that has ended"},
		/* instances */
		{SURVEY_INSTANCES, "{'reservationSet':[]}", ""},
		{SURVEY_INSTANCES, "{'reservationSet':''}", ""},
		{SURVEY_INSTANCES,
			"{'reservationSet':[{'instancesSet':[{'instanceId':'i-1','subnetId':'subnet-1','groupSet':[{'groupId':'sg-1'},{'groupId':'sg-9'}],'instanceState':{'name':'stopped'},'tagSet':[{'key':'Name','value':'mine'}]}]}]}",
			"instance i-1 (stopped, called mine) holds Subnet 1, Security group: " AWS_EC2
			"terminate-instances --instance-ids i-1" HERE},
		{SURVEY_INSTANCES,
			"{'reservationSet':[{'instancesSet':[{'instanceId':'i-1','instanceState':{'name':'shutting-down'},'tagSet':[{'key':'owner','value':'cld_x'}]}]}]}",
			"instance i-1 (shutting-down, made by the control plane) holds the stack: it is going already; wait until it is gone"},
		{SURVEY_INSTANCES,
			"{'reservationSet':[{'instancesSet':[{'instanceId':'i-1; rm -rf /','instanceState':{'name':'running'},'tagSet':[{'key':'aws:cloudformation:stack-name','value':'web'}]}]}]}",
			"instance i-1; rm -rf / (running, of the stack web) holds the stack: " AWS_EC2
			"terminate-instances --instance-ids 'i-1; rm -rf /'" HERE},
		/* the stack's own are never in the way, by their id or by CloudFormation's tag */
		{SURVEY_NAT_GATEWAYS,
			"{'natGatewaySet':[{'natGatewayId':'nat-1','state':'available','subnetId':'subnet-1'}]}",
			""},
		{SURVEY_NAT_GATEWAYS,
			"{'natGatewaySet':[{'natGatewayId':'nat-2','state':'available','tagSet':[{'key':'aws:cloudformation:stack-id','value':'" STACK_ARN
			"'}]},{'natGatewayId':'nat-3','state':'deleted'},{'natGatewayId':'nat-4','state':'deleting','subnetId':'subnet-1'}]}",
			"NAT gateway nat-4 (deleting) holds Subnet 1, Internet gateway attachment: it is going already; wait until it is gone"},
		/* interfaces: what has them is told */
		{SURVEY_INTERFACES, MANAGED("Interface for NAT Gateway nat-1"), ""},
		{SURVEY_INTERFACES, MANAGED("EFS mount target for fs-1 (fsmt-1)"), ""},
		{SURVEY_INTERFACES, MANAGED("MemoryDB"), ""},
		{SURVEY_INTERFACES, MANAGED("ElastiCache cl-x-0001-001"), ""},
		{SURVEY_INTERFACES, MANAGED("EFS mount target for fs-2 (fsmt-2)"),
			"mount target fsmt-2 holds Subnet 1, Security group: aws efs delete-mount-target --mount-target-id fsmt-2" HERE},
		{SURVEY_INTERFACES, MANAGED("ELB app/web/50dc6c495c0c9188"),
			"load balancer app/web/50dc6c495c0c9188 holds Subnet 1, Security group: aws elbv2 delete-load-balancer --load-balancer-arn arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/web/50dc6c495c0c9188" HERE},
		{SURVEY_INTERFACES, MANAGED("ELB old"),
			"classic load balancer old holds Subnet 1, Security group: aws elb delete-load-balancer --load-balancer-name old" HERE},
		{SURVEY_INTERFACES, MANAGED("AWS Lambda VPC ENI-f-2a0ef611"),
			"Lambda function f-2a0ef611 holds Subnet 1, Security group: delete the function or take it out of the VPC; Lambda then frees the interface within about 20 minutes"},
		{SURVEY_INTERFACES, MANAGED("RDSNetworkInterface"),
			"RDS database eni-1 holds Subnet 1, Security group: it may hold data, so look at it first: delete it in RDS, or move it to another VPC"},
		{SURVEY_INTERFACES, MANAGED("something new"),
			"network interface eni-1 (in-use) holds Subnet 1, Security group: delete what has it; its description is 'something new'"},
		{SURVEY_INTERFACES, INTERFACE("'attachment':{'instanceId':'i-7'},'description':''"),
			"instance i-7 holds Subnet 1, Security group: " AWS_EC2
			"terminate-instances --instance-ids i-7" HERE},
		{SURVEY_INTERFACES,
			"{'networkInterfaceSet':[{'networkInterfaceId':'eni-1','subnetId':'subnet-1','status':'available'}]}",
			"network interface eni-1 (available) holds Subnet 1: " AWS_EC2
			"delete-network-interface --network-interface-id eni-1" HERE},
		/* groups, tables, ACLs */
		{SURVEY_GROUPS,
			"{'securityGroupInfo':[{'groupId':'sg-1','groupName':'x'},{'groupId':'sg-2','groupName':'default'},{'groupId':'sg-3','groupName':'foreign'}]}",
			"security group sg-3 holds VPC: " AWS_EC2
			"delete-security-group --group-id sg-3" HERE},
		{SURVEY_REFERENCES,
			"{'in':{'securityGroupInfo':[{'groupId':'sg-3','vpcId':'vpc-1','groupName':'foreign'},{'groupId':'sg-4','vpcId':'vpc-2','groupName':'peer','ipPermissions':[{'ipProtocol':'tcp','fromPort':'443','toPort':'444','groups':[{'groupId':'sg-1'},{'groupId':'sg-8'}]},{'ipProtocol':'udp','fromPort':'1','toPort':'1','groups':[{'groupId':'sg-8'}]}]}]},'out':{'securityGroupInfo':''}}",
			"inbound rule of security group sg-4 holds Security group: " AWS_EC2
			"revoke-security-group-ingress --group-id sg-4 --ip-permissions '[{\"IpProtocol\":\"tcp\",\"UserIdGroupPairs\":[{\"GroupId\":\"sg-1\"}],\"FromPort\":443,\"ToPort\":444}]'" HERE},
		{SURVEY_ROUTE_TABLES, "{'routeTableSet':[{'routeTableId':'rtb-0','associationSet':[{'routeTableAssociationId':'a-0','routeTableId':'rtb-0','main':'true'}]},{'routeTableId':'rtb-1','associationSet':[{'routeTableAssociationId':'a-1','routeTableId':'rtb-1','main':'false','gatewayId':'igw-1'}]},{'routeTableId':'rtb-2','associationSet':[{'routeTableAssociationId':'a-2','routeTableId':'rtb-2','main':'false'}]}]}",
			"route table association a-1 holds Route table: " AWS_EC2
			"disassociate-route-table --association-id a-1" HERE "\n"
			"route table rtb-2 holds VPC: " AWS_EC2
			"disassociate-route-table --association-id a-2" HERE " && " AWS_EC2
			"delete-route-table --route-table-id rtb-2" HERE},
		{SURVEY_NETWORK_ACLS,
			"{'networkAclSet':[{'networkAclId':'acl-1','default':'true'},{'networkAclId':'acl-2','default':'false','associationSet':[{'networkAclAssociationId':'a-1'}]}]}",
			"network ACL acl-2 holds VPC: " AWS_EC2
			"replace-network-acl-association --association-id a-1 --network-acl-id acl-1" HERE
			" && " AWS_EC2 "delete-network-acl --network-acl-id acl-2" HERE},
		{SURVEY_PEERINGS,
			"{'requester':{'vpcPeeringConnectionSet':[{'vpcPeeringConnectionId':'pcx-1','status':{'code':'deleted'}}]},'accepter':{'vpcPeeringConnectionSet':[{'vpcPeeringConnectionId':'pcx-2','status':{'code':'pending-acceptance'}}]}}",
			"VPC peering connection pcx-2 (pending-acceptance) holds VPC: " AWS_EC2
			"delete-vpc-peering-connection --vpc-peering-connection-id pcx-2" HERE},
		{SURVEY_VPN_GATEWAYS,
			"{'vpnGatewaySet':[{'vpnGatewayId':'vgw-1','attachments':[{'vpcId':'vpc-1','state':'detached'}]},{'vpnGatewayId':'vgw-2','attachments':[{'vpcId':'vpc-1','state':'attached'}]}]}",
			"virtual private gateway vgw-2 holds VPC: " AWS_EC2
			"detach-vpn-gateway --vpn-gateway-id vgw-2 --vpc-id vpc-1" HERE},
		{SURVEY_EGRESS_GATEWAYS,
			"{'egressOnlyInternetGatewaySet':[{'egressOnlyInternetGatewayId':'eigw-1','attachmentSet':[{'vpcId':'vpc-9','state':'attached'}]}]}",
			""},
		{SURVEY_INTERNET_GATEWAYS, "{'internetGatewaySet':[{'internetGatewayId':'igw-9'}]}",
			"internet gateway igw-9 holds VPC: " AWS_EC2
			"detach-internet-gateway --internet-gateway-id igw-9 --vpc-id vpc-1" HERE},
		/* storage */
		{SURVEY_MOUNT_TARGETS,
			"{'MountTargets':[{'MountTargetId':'fsmt-1','LifeCycleState':'available'},{'MountTargetId':'fsmt-2','LifeCycleState':'creating','SubnetId':'subnet-1'}]}",
			"mount target fsmt-2 (creating) holds Subnet 1, EFS file system: aws efs delete-mount-target --mount-target-id fsmt-2" HERE},
		{SURVEY_MOUNT_TARGETS,
			"{'MountTargets':[{'MountTargetId':'fsmt-1','LifeCycleState':'creating'}]}",
			"mount target fsmt-1 (creating) holds EFS file system: wait until it is available"},
		{SURVEY_MOUNT_TARGETS,
			"{'MountTargets':[{'MountTargetId':'fsmt-1','LifeCycleState':'deleting'}]}",
			"mount target fsmt-1 (deleting) holds EFS file system: it is going already; wait until it is gone"},
		/* a replication is deleted in the region of its source, which is another one's file system at times */
		{SURVEY_REPLICATION,
			"{'Replications':[{'SourceFileSystemId':'fs-1','SourceFileSystemRegion':'us-west-2'},{'SourceFileSystemId':'fs-7','SourceFileSystemRegion':'eu-west-1'}]}",
			"replication fs-1 holds EFS file system: aws efs delete-replication-configuration --source-file-system-id fs-1" HERE
			"\nreplication fs-7 holds EFS file system: aws efs delete-replication-configuration --source-file-system-id fs-7 --region eu-west-1"},
		{SURVEY_MEMORYDB, "{'Clusters':[{'Name':'cl-x','Status':'snapshotting'}]}",
			"MemoryDB cluster cl-x (snapshotting) holds MemoryDB cluster: wait until it is available"},
		/* roles */
		{SURVEY_ATTACHED_POLICIES,
			"{'node':{'AttachedPolicies':[{'PolicyName':'p','PolicyArn':'arn:aws:iam::aws:policy/p'}]},'other':{'AttachedPolicies':[{'PolicyName':'p','PolicyArn':'arn:aws:iam::aws:policy/p'}]}}",
			"attached policy arn:aws:iam::aws:policy/p holds Node role: aws iam detach-role-policy --role-name node --policy-arn arn:aws:iam::aws:policy/p\n"
			"attached policy arn:aws:iam::aws:policy/p holds the stack: aws iam detach-role-policy --role-name other --policy-arn arn:aws:iam::aws:policy/p"},
		{SURVEY_POLICIES, "{'node':{'PolicyNames':['node','by hand']}}",
			"inline policy by hand holds Node role: aws iam delete-role-policy --role-name node --policy-name 'by hand'"},
		{SURVEY_INSTANCE_PROFILES,
			"{'node':{'InstanceProfiles':[{'InstanceProfileName':'node'},{'InstanceProfileName':'extra'}]}}",
			"instance profile extra holds Node role: aws iam remove-role-from-instance-profile --instance-profile-name extra --role-name node"},
		/* replies that make no sense */
		{SURVEY_INSTANCES,
			"{'reservationSet':[[],'x',{'instancesSet':'y'},{'instancesSet':[{'instanceId':''}]}]}",
			""},
		{SURVEY_REFERENCES, "{'in':null,'out':[]}", ""},
};

static const char *quoted(struct fixture *f, const char *text)
{
	char *copy = arena_strdup(&f->arena, text);

	for (char *at = copy; *at; at++)
		if (*at == '\'')
			*at = '"';
	return copy;
}

static const char *text_of(struct fixture *f)
{
	struct blockers blockers = blockers_find(f->facts, false);
	struct text_list lines = {0};

	for (size_t i = 0; i < blockers.count; i++)
		text_list_add(&f->arena, &lines, blocker_text(&f->arena, &blockers.items[i]));
	return text_join(&f->arena, &lines, "\n");
}

static void each_reply_means_what_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(table); i++) {
		struct fixture f;

		open_fixture(&f);
		facts_learn(f.facts, table[i].fact, read_json(&f, quoted(&f, table[i].reply)));
		assert_string_equal(text_of(&f), table[i].expected);
		arena_free(&f.arena);
	}
}

/* The same thing seen in two ways is told once, with all that it holds. */
static void one_thing_is_told_once(void **state)
{
	struct fixture f;
	struct blockers blockers;

	(void)state;
	open_fixture(&f);
	facts_learn(f.facts, SURVEY_INSTANCES,
		read_json(&f,
			"{\"reservationSet\":[{\"instancesSet\":[{\"instanceId\":\"i-7\",\"instanceState\":{\"name\":\"running\"}}]}]}"));
	facts_learn(f.facts, SURVEY_INTERFACES,
		read_json(&f, quoted(&f, INTERFACE("'attachment':{'instanceId':'i-7'}"))));
	blockers = blockers_find(f.facts, false);
	assert_int_equal(blockers.count, 1);
	assert_string_equal(blocker_text(&f.arena, &blockers.items[0]),
		"instance i-7 (running) holds Subnet 1, Security group: aws ec2 terminate-instances --instance-ids i-7" HERE);
	arena_free(&f.arena);
}

#define OURS "'tagSet':[{'key':'owner','value':'cld_x'}]"

/* What has the cloud's tag: its kind and what it is removed by; "!" where it only stops, "-" where it is in nobody's way. */
static const struct row cleaned[] = {
	{SURVEY_INSTANCES,
		"{'reservationSet':[{'instancesSet':[{'instanceId':'i-1','instanceState':{'name':'running'}," OURS
		"},{'instanceId':'i-2'}]}]}",
		"instance i-1\n!instance i-2"},
	/* a stack's own go with the stack */
	{SURVEY_INSTANCES,
		"{'reservationSet':[{'instancesSet':[{'instanceId':'i-1','tagSet':[{'key':'owner','value':'cld_x'},{'key':'aws:cloudformation:stack-name','value':'web'}]}]}]}",
		"!instance i-1"},
	/* another cloud's */
	{SURVEY_INSTANCES,
		"{'reservationSet':[{'instancesSet':[{'instanceId':'i-1','tagSet':[{'key':'owner','value':'cld_y'}]}]}]}",
		"!instance i-1"},
	{SURVEY_NAT_GATEWAYS, "{'natGatewaySet':[{'natGatewayId':'nat-4','state':'available'," OURS "}]}",
		"NAT gateway nat-4"},
	/* nobody removes subnets of others */
	{SURVEY_SUBNETS, "{'subnetSet':[{'subnetId':'subnet-2'," OURS "}]}", "!subnet subnet-2"},
	{SURVEY_INTERFACES, INTERFACE("'status':'available'," OURS), "network interface eni-1"},
	{SURVEY_INTERFACES, MANAGED("something new'," OURS ",'x':'"), "!network interface eni-1"},
	{SURVEY_INTERFACES, MANAGED("Interface for NAT Gateway nat-9'," OURS ",'x':'"), "!NAT gateway nat-9"},
	{SURVEY_POLICIES, "{'node':{'PolicyNames':['cloudctl-kept','other']}}",
		"inline policy cloudctl-kept\n!inline policy other"},
	{SURVEY_MOUNT_TARGETS, "{'MountTargets':[{'MountTargetId':'fsmt-9','FileSystemId':'fs-1'}]}",
		"mount target fsmt-9"},
	{SURVEY_ADDRESSES,
		"{'addressesSet':[{'allocationId':'eipalloc-1'," OURS "},{'allocationId':'eipalloc-2'}]}",
		"-elastic IP address eipalloc-1"},
	{SURVEY_SPOT_REQUESTS,
		"{'owner':{'spotInstanceRequestSet':[{'spotInstanceRequestId':'sir-1','state':'open'," OURS
		"}]}}",
		"-spot request sir-1"},
};

static const char *to_clean(struct fixture *f)
{
	struct blockers blockers = blockers_find(f->facts, true);
	struct text_list lines = {0};

	for (size_t i = 0; i < blockers.count; i++) {
		const struct blocker *blocker = &blockers.items[i];

		text_list_add(&f->arena, &lines,
			arena_printf(&f->arena, "%s%s %s",
				blocker->harmless         ? "-"
					: blocker->cleans ? ""
							  : "!",
				blocker->kind, blocker->target));
	}
	return text_join(&f->arena, &lines, "\n");
}

static void what_has_the_tag_is_cleaned(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cleaned); i++) {
		struct fixture f;

		open_fixture(&f);
		facts_learn(f.facts, cleaned[i].fact, read_json(&f, quoted(&f, cleaned[i].reply)));
		assert_string_equal(to_clean(&f), cleaned[i].expected);
		arena_free(&f.arena);
	}
}

/* Tags that are asked for by the name of what has them. */
static void tags_of_other_services_count_too(void **state)
{
	static const char arn[] =
		"arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/web/1";
	struct fixture f;

	(void)state;
	open_fixture(&f);
	facts_learn(f.facts, SURVEY_INTERFACES, read_json(&f, quoted(&f, MANAGED("ELB app/web/1"))));
	facts_learn(f.facts, SURVEY_ATTACHED_POLICIES,
		read_json(&f,
			quoted(&f, "{'node':{'AttachedPolicies':[{'PolicyArn':'p1'},{'PolicyArn':'p2'}]}}")));
	facts_learn(f.facts, SURVEY_POLICY_TAGS,
		read_json(&f, quoted(&f, "{'p2':{'Tags':[{'Key':'owner','Value':'cld_x'}]}}")));
	assert_string_equal(to_clean(&f),
		arena_printf(&f.arena, "!load balancer %s\n!attached policy p1\nattached policy p2", arn));
	facts_learn(f.facts, SURVEY_BALANCER_TAGS,
		tree_defer(&f.arena,
			json_pack("{s:{s:[{s:s, s:[{s:s, s:s}]}]}}", "0", "TagDescriptions", "ResourceArn",
				arn, "Tags", "Key", "owner", "Value", "cld_x")));
	assert_string_equal(to_clean(&f),
		arena_printf(&f.arena, "load balancer %s\n!attached policy p1\nattached policy p2", arn));
	arena_free(&f.arena);
}

/* Every inline policy of the template is known as the stack's. */
static void no_policy_of_the_template_is_in_the_way(void **state)
{
	struct fixture f;
	json_t *names = json_array();

	(void)state;
	open_fixture(&f);
	for (const char *at = strstr(template_text(), "PolicyName: "); at; at = strstr(at, "PolicyName: ")) {
		at += strlen("PolicyName: ");
		json_array_append_new(names, json_stringn(at, strcspn(at, "\n ")));
	}
	assert_true(json_array_size(names) > 3);
	facts_learn(f.facts, SURVEY_POLICIES,
		tree_defer(&f.arena, json_pack("{s:{s:o}}", "node", "PolicyNames", names)));
	assert_string_equal(text_of(&f), "");
	arena_free(&f.arena);
}

static void what_is_not_known_is_told_once_a_reason(void **state)
{
	struct fixture f;
	struct error denied = {0};
	struct unseens unseen;

	(void)state;
	open_fixture(&f);
	error_set(&denied, ERROR_DENIED, "not authorized");
	memcpy(denied.action, "ec2:DescribeInstances", sizeof("ec2:DescribeInstances"));
	facts_lose(f.facts, SURVEY_INSTANCES, "looking for instances", &denied);
	facts_lose(f.facts, SURVEY_SUBNETS, "looking for instances", &denied);
	unseen = blockers_unseen(f.facts);
	assert_int_equal(unseen.count, 1);
	assert_string_equal(unseen.items[0].doing, "looking for instances");
	assert_string_equal(unseen.items[0].action, "ec2:DescribeInstances");
	assert_int_equal(unseen.items[0].fact, SURVEY_INSTANCES);
	arena_free(&f.arena);
}

/* Resources that are gone already are neither deleted nor asked about. */
static void a_stack_that_is_half_gone(void **state)
{
	struct fixture f;
	struct delete_plan plan;
	const json_t *document;

	(void)state;
	open_fixture(&f);
	facts_learn(f.facts, SURVEY_RESOURCES,
		read_json(&f,
			"{\"StackResourceSummaries\":[{\"LogicalResourceId\":\"FileSystem\",\"PhysicalResourceId\":\"fs-1\",\"ResourceType\":\"AWS::EFS::FileSystem\",\"ResourceStatus\":\"DELETE_COMPLETE\"},{\"LogicalResourceId\":\"Vpc\",\"PhysicalResourceId\":\"vpc-1\",\"ResourceType\":\"AWS::EC2::VPC\",\"ResourceStatus\":\"DELETE_FAILED\"}]}"));
	assert_null(survey_physical_id(f.facts, "FileSystem"));
	assert_string_equal(survey_physical_id(f.facts, "Vpc"), "vpc-1");
	plan = (struct delete_plan){.cloud = &f.cloud, .facts = f.facts};
	document = delete_plan_document(&f.arena, &plan);
	assert_int_equal(json_array_size(json_object_get(document, "resources")), 1);
	assert_string_equal(tree_text(document, "resources.0.name"), "VPC");
	arena_free(&f.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_reply_means_what_the_table_says),
		cmocka_unit_test(one_thing_is_told_once),
		cmocka_unit_test(what_has_the_tag_is_cleaned),
		cmocka_unit_test(tags_of_other_services_count_too),
		cmocka_unit_test(no_policy_of_the_template_is_in_the_way),
		cmocka_unit_test(what_is_not_known_is_told_once_a_reason),
		cmocka_unit_test(a_stack_that_is_half_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
