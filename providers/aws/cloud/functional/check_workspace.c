/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checks of a workspace: what an instance of the cloud, launched as the control plane launches one, found when it looked
 * from inside. A fact that no instance reported is lost, so its check is UNKNOWN by itself.
 */
#include <string.h>

#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/checks/catalogue.h"
#include "providers/aws/cloud/functional/probes.h"

const struct probe_operation probe_operations[PROBE_COUNT] = {
#define OPERATION(word, name, usual, what) [PROBE_##word] = {.id = (name), .usual_s = (usual)},
	PROBES(OPERATION)
#undef OPERATION
};

/* --- the plan: every row is what the instance reports under its id --- */

static void ask_instance(const struct facts *facts, struct ask *ask)
{
	(void)facts;
	ask_add(ask, NULL, json_object());
}

static void ask_about_memorydb(const struct facts *facts, struct ask *ask)
{
	if (aws_cloud(facts->cloud)->resources.memorydb_endpoint)
		ask_add(ask, NULL, json_object());
}

static void ask_about_efs(const struct facts *facts, struct ask *ask)
{
	if (aws_cloud(facts->cloud)->resources.file_system_id)
		ask_add(ask, NULL, json_object());
}

/* Steps of clouds with these only. */
#define ask_of(word) \
	(PROBE_##word == PROBE_EFS ? ask_about_efs \
			: PROBE_##word == PROBE_MEMORYDB_TLS || PROBE_##word >= PROBE_HEAD_KILL \
			? ask_about_memorydb \
			: ask_instance)

static const struct plan_row plan_rows[PROBE_COUNT] = {
#define ROW(word, id, usual, what) \
	[PROBE_##word] = { \
		.name = (id), \
		.operation = &probe_operations[PROBE_##word], \
		.ask = ask_of(word), \
		.doing = (what), \
	},
	PROBES(ROW)
#undef ROW
};

static const struct plan plan = {.rows = plan_rows, .count = PROBE_COUNT};

/* --- the checks --- */

static struct finding judge(const struct facts *facts, enum probe probe, enum verdict severity)
{
	const json_t *said = facts_tree(facts, probe);

	return finding_make(facts, text_equal(tree_text(said, "state"), "ok") ? VERDICT_PASS : severity, "%s",
		tree_text(said, "detail"));
}

#define DECIDE(word, severity) \
	static struct finding decide_##word(const struct facts *facts) \
	{ \
		return judge(facts, PROBE_##word, severity); \
	}
DECIDE(BOOT, FAIL)
DECIDE(ROLE, FAIL)
DECIDE(DNS, FAIL)
DECIDE(EGRESS_S3, FAIL)
DECIDE(EGRESS_ECR, WARN)
DECIDE(EGRESS_PYPI, WARN)
DECIDE(S3, FAIL)
DECIDE(EFS, FAIL)
DECIDE(RAY_INSTALL, FAIL)
DECIDE(RAY_START, FAIL)
DECIDE(RAY_TASK, FAIL)

DECIDE(MEMORYDB_TLS, FAIL)
DECIDE(SERVE_DEPLOY, FAIL)
DECIDE(HTTP, FAIL)
DECIDE(HEAD_KILL, FAIL)
DECIDE(HEAD_RESTART, FAIL)
DECIDE(HTTP_AGAIN, FAIL)
DECIDE(CLEANUP, WARN)

#define WHEN_LAUNCHED .words = "verify --functional-verify workspace"
static const struct check_condition when_launched = {WHEN_LAUNCHED};

static bool has_efs(const struct cloud *cloud, const struct verify_options *options)
{
	(void)options;
	return aws_cloud(cloud)->resources.file_system_id;
}

static const struct check_condition when_launched_with_efs =
	{"verify --functional-verify workspace, clouds with EFS", has_efs};

static bool has_memorydb(const struct cloud *cloud, const struct verify_options *options)
{
	(void)options;
	return aws_cloud(cloud)->resources.memorydb_endpoint;
}

static const struct check_condition when_served = {.words = "verify --functional-verify service"};

static const struct check_condition when_served_with_memorydb =
	{"verify --functional-verify service, clouds with MemoryDB", has_memorydb};

/* clang-format off */
#define READS(word) .reads = FACTS(PROBE_##word), .decide = decide_##word

static const struct check rows[] = {
	{.id = "functional.workspace.boot", .severity = FAIL, READS(BOOT), .applies = &when_launched,
	 .holds = "an instance that the control-plane role launches in the cloud starts and runs a program",
	 .why = "clusters are made of such instances",
	 .remedy = "see why it did not start: aws ec2 describe-instances --region {region} --filters Name=tag-key,Values=cloudctl-run   # StateReason; then its console",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "cluster-operation", .reference = GUIDE "iam-role-for-cross-account-access"},
	{.id = "functional.workspace.role", .severity = FAIL, READS(ROLE), .applies = &when_launched,
	 .holds = "the instance has the credentials of the node role",
	 .why = "without them it reaches neither the bucket nor anything else of AWS",
	 .remedy = "aws iam get-instance-profile --instance-profile-name {node-role}   # it must hold that role, and the role must trust ec2.amazonaws.com",
	 .remedy_kind = REMEDY_LOOK,
	 .requirement = REQUIREMENTS "instance-profile", .reference = GUIDE "iam-role-for-ray-cluster-nodes"},
	{.id = "functional.workspace.dns", .severity = FAIL, READS(DNS), .applies = &when_launched,
	 .holds = "the names of S3 and of the file system resolve on the instance",
	 .why = "everything is reached by its name",
	 .remedy = "aws ec2 modify-vpc-attribute --vpc-id {vpc} --enable-dns-support --region {region}   # and --enable-dns-hostnames; see vpc.dns",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "name-resolution", .reference = AWS_DOCS "efs/latest/ug/mounting-fs-mount-cmd-dns-name.html"},
	{.id = "functional.workspace.egress.s3", .severity = FAIL, READS(EGRESS_S3), .applies = &when_launched,
	 .holds = "the instance reaches S3",
	 .why = "data, logs and packages of clusters are in the bucket",
	 .remedy = "see subnets.route, subnets.network-acl and security-groups.egress: cloudctl verify",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "s3-gateway-endpoint", .reference = GUIDE "vpc"},
	{.id = "functional.workspace.egress.ecr", .severity = WARN, READS(EGRESS_ECR), .applies = &when_launched,
	 .holds = "the instance reaches ECR",
	 .why = "clusters with images of their own pull them from there",
	 .remedy = "see subnets.route and vpc.interface-endpoints: cloudctl verify",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "internet-egress", .reference = GUIDE "subnets"},
	{.id = "functional.workspace.egress.pypi", .severity = WARN, READS(EGRESS_PYPI), .applies = &when_launched,
	 .holds = "the instance reaches PyPI",
	 .why = "clusters install Python packages from there, unless they have another index or images that hold them",
	 .remedy = "see subnets.route; a cloud without internet needs an index or images of its own",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "internet-egress", .reference = GUIDE "subnets"},
	{.id = "functional.workspace.s3", .severity = FAIL, READS(S3), .applies = &when_launched,
	 .holds = "the instance may write, read, list and delete objects of the bucket",
	 .why = "clusters keep data and logs there",
	 .remedy = "see s3.access.node and s3.kms: cloudctl verify",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "access-to-the-bucket", .reference = GUIDE "s3"},
	{.id = "functional.workspace.efs", .severity = FAIL, READS(EFS), .applies = &when_launched_with_efs,
	 .holds = "the instance can mount the file system, and write and read a file",
	 .why = "workspaces keep users' files there",
	 .remedy = "see the checks of the file system: cloudctl verify",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "nfs-traffic", .reference = GUIDE "efs"},
	{.id = "functional.workspace.ray-install", .severity = FAIL, READS(RAY_INSTALL), .applies = &when_launched,
	 .holds = "Ray is on the image, or can be installed from the bucket or from PyPI",
	 .why = "without it no cluster starts",
	 .remedy = "pip download 'ray[default,serve]' pip -d wheels && aws s3 cp --recursive wheels s3://{bucket}/cloudctl/wheels/ --region {region}   # with the image's version of Python, for a cloud without PyPI",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "ray-on-an-instance", .reference = GUIDE "verify-cloud-resources"},
	{.id = "functional.workspace.ray-start", .severity = FAIL, READS(RAY_START), .applies = &when_launched,
	 .holds = "Ray's head starts",
	 .why = "it is the first process of every cluster",
	 .remedy = "see Ray's own message in the finding; the instance type must have at least 2 GiB of memory",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "ray-on-an-instance", .reference = GUIDE "verify-cloud-resources"},
	{.id = "functional.workspace.ray-task", .severity = FAIL, READS(RAY_TASK), .applies = &when_launched,
	 .holds = "a Ray task runs and gives its result",
	 .why = "that is what a workspace is for",
	 .remedy = "see Ray's own message in the finding",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "ray-on-an-instance", .reference = GUIDE "verify-cloud-resources"},
};
static const struct check service_rows[] = {
	{.id = "functional.service.memorydb-tls", .severity = FAIL, READS(MEMORYDB_TLS), .applies = &when_served_with_memorydb,
	 .holds = "MemoryDB answers the instance over TLS",
	 .why = "the heads of services keep there what they must not lose",
	 .remedy = "see memorydb.tls, memorydb.subnets and memorydb.security-group: cloudctl verify",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "memorydb-tls", .reference = GUIDE "memorydb"},
	{.id = "functional.service.serve-deploy", .severity = FAIL, READS(SERVE_DEPLOY), .applies = &when_served,
	 .holds = "a service can be deployed with Ray Serve",
	 .why = "that is what a service is made of",
	 .remedy = "see Ray's own message in the finding",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "ray-on-an-instance", .reference = GUIDE "verify-cloud-resources"},
	{.id = "functional.service.http", .severity = FAIL, READS(HTTP), .applies = &when_served,
	 .holds = "the service answers by HTTP on the instance",
	 .why = "a service that does not answer is of no use",
	 .remedy = "see Ray's own message in the finding",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "ray-on-an-instance", .reference = GUIDE "verify-cloud-resources"},
	{.id = "functional.service.head-kill", .severity = FAIL, READS(HEAD_KILL), .applies = &when_served_with_memorydb,
	 .holds = "the service ends with its head, when that is killed",
	 .why = "what follows would prove nothing otherwise",
	 .remedy = "see whether the image runs another program on port 8000",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "memorydb-cluster", .reference = GUIDE "memorydb"},
	{.id = "functional.service.head-restart", .severity = FAIL, READS(HEAD_RESTART), .applies = &when_served_with_memorydb,
	 .holds = "a head that was killed starts again with what it kept in MemoryDB",
	 .why = "head node fault tolerance is that",
	 .remedy = "see Ray's own message in the finding, and memorydb.shards: cloudctl verify",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "memorydb-cluster", .reference = GUIDE "memorydb"},
	{.id = "functional.service.http-again", .severity = FAIL, READS(HTTP_AGAIN), .applies = &when_served_with_memorydb,
	 .holds = "the service answers again, and nobody has deployed it again",
	 .why = "head node fault tolerance is that",
	 .remedy = "see memorydb.maxmemory-policy, which decides what MemoryDB keeps: cloudctl verify",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "memorydb-cluster", .reference = GUIDE "memorydb"},
	{.id = "functional.service.cleanup", .severity = WARN, READS(CLEANUP), .applies = &when_served_with_memorydb,
	 .holds = "what Ray wrote to MemoryDB for this is removed",
	 .why = "it would stay there for ever, small as it is",
	 .remedy = "on an instance of the cloud, delete the keys that the finding names",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "memorydb-cluster", .reference = GUIDE "memorydb"},
};
/* clang-format on */

static const struct check_group group = {.id = "workspace", .name = "workspace", CHECKS(rows)};

static const struct check_group service_group = {.id = "service", .name = "service", CHECKS(service_rows)};

static const struct check_group *const groups[] = {&group, &service_group};

const struct check_table functional_table = {
	.groups = groups,
	.group_count = ARRAY_LENGTH(groups),
	.plan = &plan,
	CHECKS_OF_A_RECORD,
};

/* --- which of them --- */

bool functional_wants(const char *what, const char *word)
{
	return *what ? strstr(what, word) != NULL : text_equal(word, FUNCTIONAL_WORKSPACE);
}

/* A service needs what comes before it, but no file system and no task. */
struct verify_options functional_choice(struct arena *arena, const char *what)
{
	struct verify_options choice = {0};

	if (!functional_wants(what, FUNCTIONAL_SERVICE))
		text_list_add(arena, &choice.skip, "functional.service.*");
	if (!functional_wants(what, FUNCTIONAL_WORKSPACE)) {
		text_list_add(arena, &choice.skip, "functional.workspace.efs");
		text_list_add(arena, &choice.skip, "functional.workspace.ray-task");
	}
	return choice;
}
