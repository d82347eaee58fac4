/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the file system and its mount targets. */
#include "providers/aws/cloud/checks/catalogue.h"

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/checks/kms_key.h"
#include "providers/aws/cloud/checks/remedy.h"
#include "providers/aws/cloud/network/port_access.h"

/* The tag by which AWS Backup selects file systems. */
#define BACKUP_TAG "aws:elasticfilesystem:default-backup"

enum { NFS = 2049 };

static struct finding check_efs_exists(const struct facts *facts)
{
	const char *id = aws_cloud(facts->cloud)->resources.file_system_id;
	const json_t *tree = facts_tree(facts, FACT_FILE_SYSTEM);
	const char *state = tree_text(tree, "FileSystems.0.LifeCycleState");
	const char *copy = tree_text(tree,
		"FileSystems.0.FileSystemProtection.ReplicationOverwriteProtection");

	if (!id)
		return finding_make(facts, VERDICT_FAIL, "the record has no file system");
	if (!facts_has(facts, FACT_FILE_SYSTEM))
		return finding_make(facts, VERDICT_FAIL, "%s does not exist", id);
	if (!text_is_among(state, "available updating"))
		return finding_make(facts, VERDICT_FAIL, "%s is %s, not available", id, state);
	if (text_equal(copy, "REPLICATING"))
		return finding_make(facts, VERDICT_FAIL,
			"%s is the destination of a replication and therefore read-only", id);
	return finding_make(facts, VERDICT_PASS, "%s is available", id);
}

static struct finding check_efs_key(const struct facts *facts)
{
	const char *id = tree_text(facts_tree(facts, FACT_FILE_SYSTEM), "FileSystems.0.KmsKeyId"), *fault;
	const json_t *key = facts_tree(facts, FACT_FILE_SYSTEM_KEY);
	struct finding finding;

	if (!*id)
		return finding_make(facts, VERDICT_PASS, "the file system names no key");
	if (!kms_key_arn(key))
		return finding_make(facts, VERDICT_FAIL,
			"the file system is encrypted with key %s, which does not exist", id);
	fault = kms_key_fault(facts->arena, key, "EFS");
	if (!fault)
		return finding_make(facts, VERDICT_PASS, "the file system's key is enabled");
	finding = finding_make(facts, VERDICT_FAIL, "the file system is encrypted with key %s, but %s", id,
		fault);
	kms_key_remedy(facts, key, "the file system", &finding);
	return finding;
}

/* A mount target that instances of the cloud can use: available, and in the cloud's VPC. */
static bool is_usable(const struct facts *facts, const json_t *target)
{
	const char *vpc_id = tree_text(target, "VpcId");

	return text_equal(tree_text(target, "LifeCycleState"), "available") &&
		(!*vpc_id || text_equal(vpc_id, aws_cloud(facts->cloud)->resources.vpc_id));
}

/* The zone of a mount target is that of its subnet; AWS also writes it on the target. */
static const json_t *usable_target_in(const struct facts *facts, const json_t *subnet)
{
	TREE_EACH (target, facts_tree(facts, FACT_MOUNT_TARGETS), "MountTargets") {
		if (!is_usable(facts, target))
			continue;
		if (text_equal(tree_text(target, "SubnetId"), tree_text(subnet, "subnetId")) ||
			text_equal(tree_text(target, "AvailabilityZoneName"),
				tree_text(subnet, "availabilityZone")))
			return target;
	}
	return NULL;
}

static size_t cite_unusable(const struct facts *facts, struct finding *finding)
{
	size_t usable = 0;

	TREE_EACH (target, facts_tree(facts, FACT_MOUNT_TARGETS), "MountTargets") {
		if (is_usable(facts, target))
			usable++;
		else
			finding_evidence(facts, finding, "%s: %s in %s", tree_text(target, "MountTargetId"),
				tree_text(target, "LifeCycleState"), tree_text(target, "VpcId"));
	}
	return usable;
}

/* A zone has one mount target, whatever its state. */
static bool is_taken(const struct facts *facts, const char *zone)
{
	return tree_find(facts_tree(facts, FACT_MOUNT_TARGETS), "MountTargets", "AvailabilityZoneName",
		       zone) != NULL;
}

/*
 * One for each zone that has none. A file system of One Zone has a single one, in its zone; and where a mount target
 * is that cannot be used, or a subnet is in another VPC, a person has to look first.
 */
static void remedy_mount_targets(const struct facts *facts, struct finding *bare, const char *one_zone)
{
	const struct aws_resources *resources = &aws_cloud(facts->cloud)->resources;
	const json_t *subnets = facts_tree(facts, FACT_SUBNETS);
	struct arena *arena = facts->arena;
	struct text_list zones = {0};
	bool all = resources->file_system_id != NULL;

	if (bare->resources.count == 0 || remedy_is_stacks(facts, bare, "the mount targets"))
		return;
	for (size_t i = 0; all && i < bare->resources.count; i++) {
		const json_t *subnet = tree_find(subnets, "subnetSet", "subnetId", bare->resources.items[i]);
		const char *zone = tree_text(subnet, "availabilityZone");

		if (text_list_has(&zones, zone))
			continue;
		text_list_add(arena, &zones, zone);
		all = !*one_zone && !is_taken(facts, zone) && is_in_cloud_vpc(facts, subnet);
		remedy_add(facts, bare,
			"efs create-mount-target --file-system-id %s --subnet-id %s --security-groups %s",
			shell_word(arena, resources->file_system_id),
			shell_word(arena, bare->resources.items[i]),
			shell_words(arena, &resources->security_group_ids));
	}
	if (*one_zone)
		remedy_say(facts, bare,
			"use subnets of zone %s only, or a file system of all zones: this one has its single mount target there",
			one_zone);
	else if (!all)
		remedy_say(facts, bare,
			"wait for the mount targets that are being made, delete those that cannot be used, and make one in the zone of each of the cloud's subnets");
}

static struct finding check_efs_mount_targets(const struct facts *facts)
{
	const char *one_zone = tree_text(facts_tree(facts, FACT_FILE_SYSTEM),
		"FileSystems.0.AvailabilityZoneName");
	struct finding without = {0};
	size_t usable = cite_unusable(facts, &without), bare = 0;

	TREE_EACH (subnet, facts_tree(facts, FACT_SUBNETS), "subnetSet") {
		if (usable_target_in(facts, subnet))
			continue;
		bare++;
		finding_evidence(facts, &without, "%s: no mount target in zone %s",
			tree_text(subnet, "subnetId"), tree_text(subnet, "availabilityZone"));
		finding_resource(facts, &without, tree_text(subnet, "subnetId"));
	}
	if (bare > 0 && *one_zone)
		finding_evidence(facts, &without,
			"the file system is stored in %s only (One Zone), where it has its single mount target",
			one_zone);
	remedy_mount_targets(facts, &without, one_zone);
	if (usable == 0) {
		without.resources = (struct text_list){0}; /* it is about the file system */
		return finding_conclude(facts, without, VERDICT_FAIL,
			"no mount target is available in the cloud's VPC");
	}
	if (bare > 0)
		return finding_conclude(facts, without, VERDICT_WARN,
			"%zu subnets have no mount target in their zone", bare);
	return finding_conclude(facts, without, VERDICT_PASS, "%zu mount targets, one in each subnet's zone",
		usable);
}

static const json_t *interface_of(const struct facts *facts, const json_t *target)
{
	return tree_find(facts_tree(facts, FACT_MOUNT_TARGET_INTERFACES), "networkInterfaceSet",
		"networkInterfaceId", tree_text(target, "NetworkInterfaceId"));
}

/* The groups of a mount target are those of its network interface. */
static struct text_list groups_of(const struct facts *facts, const json_t *target)
{
	return tree_texts(facts->arena, interface_of(facts, target), "groupSet", "groupId");
}

/* What EC2 leaves out though EFS lists the mount target, in words, or NULL: what it lets in is not known then. */
static const char *unseen_of(const struct facts *facts, const json_t *target)
{
	struct text_list groups = groups_of(facts, target);
	const char *group = port_access_unseen(facts, FACT_MOUNT_TARGET_GROUPS, &groups);

	if (!interface_of(facts, target))
		return arena_printf(facts->arena, "its network interface %s",
			tree_text(target, "NetworkInterfaceId"));
	return group ? arena_printf(facts->arena, "its security group %s", group) : NULL;
}

/* In through the target's groups, and out through the cloud's; *text receives what blocks it, or the rule that allows it. */
static enum truth judge_target(const struct facts *facts, const struct rules *rules, const json_t *target,
	const char **text, struct remedy_port *missing)
{
	struct text_list groups = groups_of(facts, target), address = {0};
	struct port_access in = port_access_in(facts, rules, &groups, NFS), out;

	if (*tree_text(target, "IpAddress"))
		text_list_add(facts->arena, &address, tree_text(target, "IpAddress"));
	out = port_access_out(facts, &groups, &address, NFS);
	if (in.open == TRUTH_NO)
		*text = arena_printf(facts->arena, "none of its security groups [%s] allows TCP 2049 in",
			text_join(facts->arena, &groups, ", "));
	else if (out.open == TRUTH_NO)
		*text = "none of the cloud's security groups allows TCP 2049 out to it";
	else if (in.open == TRUTH_MAYBE || out.open == TRUTH_MAYBE)
		*text = arena_printf(facts->arena, "%s, and the contents of that list were not read",
			rule_text(facts->arena, in.open == TRUTH_MAYBE ? in.by : out.by));
	else
		*text = rule_text(facts->arena, in.by);
	*missing = (struct remedy_port){.port = NFS,
		.in = in.open != TRUTH_YES,
		.out = out.open != TRUTH_YES};
	return truth_and(in.open, out.open);
}

static struct finding check_efs_security_group(const struct facts *facts)
{
	static const enum verdict verdicts[] = {
		[TRUTH_NO] = VERDICT_FAIL,
		[TRUTH_MAYBE] = VERDICT_WARN,
		[TRUTH_YES] = VERDICT_PASS,
	};
	static const char *const outcomes[] = {
		[TRUTH_NO] = "cannot be reached by NFS from the cloud's groups",
		[TRUTH_MAYBE] = "can be reached by NFS only if a prefix list contains the right addresses",
		[TRUTH_YES] = "can be reached by NFS from the cloud's groups",
	};
	struct text_list against = network_acls_against_nfs(facts);
	struct rules rules = port_access_rules(facts, FACT_MOUNT_TARGET_GROUPS);
	struct finding by[TRUTH_YES + 1] = {0}, mended = {0}, unseen = {0};
	struct text_list done = {0};
	enum truth worst = TRUTH_YES;

	TREE_EACH (target, facts_tree(facts, FACT_MOUNT_TARGETS), "MountTargets") {
		const char *id = tree_text(target, "MountTargetId"), *text;
		struct text_list groups = groups_of(facts, target);
		struct remedy_port missing;
		enum truth open = judge_target(facts, &rules, target, &text, &missing);
		const char *hidden = unseen_of(facts, target);

		if (hidden && missing.in && (!missing.out || !interface_of(facts, target))) {
			finding_evidence(facts, &unseen, "%s (%s): AWS does not show %s", id,
				tree_text(target, "SubnetId"), hidden);
			continue;
		}
		finding_evidence(facts, &by[open], "%s (%s): %s", id, tree_text(target, "SubnetId"), text);
		if (open != TRUTH_YES) {
			finding_resource(facts, &by[open], id);
			missing.groups = &groups;
			remedy_reach(facts, &mended, &missing, &done);
		}
		worst = truth_and(worst, open);
	}
	if (against.count > 0)
		remedy_say(facts, &mended, "let TCP 2049 through the network ACLs of the mount targets%s",
			worst == TRUTH_YES ? "" : ", and in to their security groups");
	by[worst].remedy = mended.remedy;
	by[worst].remedy_kind = mended.remedy_kind;
	if (worst != TRUTH_NO && against.count > 0)
		return finding_conclude(facts,
			(struct finding){.evidence = against,
				.remedy = mended.remedy,
				.remedy_kind = REMEDY_DO},
			VERDICT_FAIL, "network ACLs block NFS between the cloud and its mount targets");
	if (worst != TRUTH_NO && unseen.evidence.count > 0)
		return finding_conclude(facts, unseen, VERDICT_UNKNOWN,
			"whether %zu of %zu mount targets can be reached by NFS is not known: AWS does not show what guards them",
			unseen.evidence.count,
			tree_count(tree_get(facts_tree(facts, FACT_MOUNT_TARGETS), "MountTargets")));
	return finding_conclude(facts, by[worst], verdicts[worst], "%zu of %zu mount targets %s",
		by[worst].evidence.count,
		tree_count(tree_get(facts_tree(facts, FACT_MOUNT_TARGETS), "MountTargets")), outcomes[worst]);
}

static struct finding check_efs_mount_target_ip(const struct facts *facts)
{
	const char *address = aws_cloud(facts->cloud)->resources.mount_target_ip;
	const json_t *targets = facts_tree(facts, FACT_MOUNT_TARGETS);
	const json_t *target = tree_find(targets, "MountTargets", "IpAddress", address);
	struct finding finding;

	if (!address)
		return finding_make(facts, VERDICT_PASS,
			"no address is recorded: the file system is mounted by name");
	if (target)
		return finding_make(facts, VERDICT_PASS, "%s belongs to %s", address,
			tree_text(target, "MountTargetId"));
	finding = finding_make(facts, VERDICT_FAIL, "no mount target has the recorded address %s", address);
	TREE_EACH (other, targets, "MountTargets")
		finding_evidence(facts, &finding, "%s: %s", tree_text(other, "MountTargetId"),
			tree_text(other, "IpAddress"));
	return finding;
}

bool backup_is_tagged(const json_t *file_systems)
{
	const json_t *tag = tree_find(tree_get(file_systems, "FileSystems.0"), "Tags", "Key", BACKUP_TAG);

	return text_equal(tree_text(tag, "Value"), "enabled");
}

static struct finding check_efs_backup(const struct facts *facts)
{
	const char *status = tree_text(facts_tree(facts, FACT_FILE_SYSTEM_BACKUP), "BackupPolicy.Status");

	if (backup_is_tagged(facts_tree(facts, FACT_FILE_SYSTEM)))
		return finding_make(facts, VERDICT_PASS,
			"backups are on: the file system has the tag " BACKUP_TAG);
	if (text_equal(status, "ENABLED") || text_equal(status, "ENABLING"))
		return finding_make(facts, VERDICT_PASS, "backups are on");
	return finding_make(facts, VERDICT_WARN, "backups are off%s%s", *status ? ": " : "", status);
}

/* clang-format off */
static const struct check rows[] = {
	{.id = "efs.exists", .severity = FAIL, .applies = &with_efs, .reads = FACTS(FACT_FILE_SYSTEM),
	 .decide = check_efs_exists,
	 .holds = "the file system exists, is available and is writable",
	 .why = "workspaces keep their files in it",
	 .remedy = AWS("efs describe-file-systems"),
	 .remedy_kind = REMEDY_LOOK,
	 .requirement = REQUIREMENTS "file-system", .reference = GUIDE "efs"},
	{.id = "efs.key", .severity = FAIL, .applies = &with_efs, .reads = FACTS(FACT_FILE_SYSTEM, FACT_FILE_SYSTEM_KEY),
	 .about = KINDS(KIND_FILE_SYSTEM), .decide = check_efs_key,
	 .holds = "if the file system is encrypted, its key exists and is enabled",
	 .why = "EFS opens the file system with its key, and without it no mount works and no file can be read",
	 .remedy = "bring the key back, or take another file system",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "key-of-the-file-system", .reference = AWS_DOCS "efs/latest/ug/EFSKMS.html"},
	{.id = "efs.mount-targets", .severity = FAIL, .applies = &with_efs, .reads = FACTS(FACT_SUBNETS, FACT_MOUNT_TARGETS),
	 .also = FACTS(FACT_FILE_SYSTEM), .about = KINDS(KIND_VPC, KIND_SUBNETS, KIND_FILE_SYSTEM), .decide = check_efs_mount_targets,
	 .holds = "at least one mount target is available; one in the zone of each subnet is recommended",
	 .why = "an instance mounts through the target in its own zone; through another zone's target, traffic costs money and depends on that zone",
	 .remedy = AWS("efs create-mount-target --file-system-id {file-system} --subnet-id <subnet> --security-groups {groups}"),
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "mount-targets", .reference = GUIDE "efs"},
	{.id = "efs.security-group", .severity = FAIL, .applies = &with_efs,
	 .reads = FACTS(FACT_SUBNETS, FACT_SECURITY_GROUPS, FACT_MOUNT_TARGETS, FACT_MOUNT_TARGET_INTERFACES, FACT_MOUNT_TARGET_GROUPS),
	 .also = FACTS(FACT_NETWORK_ACLS), .about = KINDS(KIND_VPC, KIND_SUBNETS, KIND_SECURITY_GROUPS, KIND_FILE_SYSTEM, KIND_MOUNT_TARGETS),
	 .part = "mount target", .decide = check_efs_security_group,
	 .holds = "the security groups of each mount target allow NFS (TCP 2049) in from the cloud's groups, these allow it out, and the network ACL of the mount target's subnet allows it",
	 .why = "a mount through a closed port hangs until it times out",
	 .remedy = "let TCP 2049 out of the cloud's security groups, and in to those of each mount target",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "nfs-traffic", .reference = GUIDE "efs"},
	{.id = "efs.mount-target-ip", .severity = FAIL, .applies = &with_efs, .reads = FACTS(FACT_MOUNT_TARGETS),
	 .about = KINDS(KIND_FILE_SYSTEM, KIND_MOUNT_TARGETS), .decide = check_efs_mount_target_ip,
	 .holds = "the recorded address still belongs to a mount target",
	 .why = "clusters that mount by address find nothing at an old address",
	 .remedy = "write the address of a mount target above into the record as mount_target_ip, or take it out of the record",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "recorded-mount-address", .reference = GUIDE "efs"},
	{.id = "efs.policy", .severity = FAIL, .applies = &with_efs, .reads = FACTS(FACT_FILE_SYSTEM_POLICY),
	 .also = FACTS(FACT_FILE_SYSTEM, ROLE_FACTS(NODE)),
	 .about = KINDS(KIND_FILE_SYSTEM), .decide = check_efs_policy,
	 .holds = "the file-system policy, if there is one, allows everyone to mount and write, and to act as root",
	 .why = "workspaces mount by plain NFS, which is anonymous, and write as root",
	 .remedy = AWS("efs describe-file-system-policy --file-system-id {file-system}")
	 "   # then aws efs put-file-system-policy or delete-file-system-policy",
	 .remedy_kind = REMEDY_LOOK,
	 .requirement = REQUIREMENTS "file-system-policy", .reference = AWS_DOCS "efs/latest/ug/iam-access-control-nfs-efs.html"},
	{.id = "efs.backup", .severity = WARN, .applies = &with_efs, .reads = FACTS(FACT_FILE_SYSTEM, FACT_FILE_SYSTEM_BACKUP),
	 .about = KINDS(KIND_FILE_SYSTEM), .decide = check_efs_backup,
	 .holds = "automatic backups are on",
	 .why = "without backups, one wrong command deletes the users' files for good",
	 .remedy = AWS("efs put-backup-policy --file-system-id {file-system} --backup-policy Status=ENABLED"),
	 .requirement = REQUIREMENTS "file-system-backups", .reference = AWS_DOCS "efs/latest/ug/awsbackup.html"},
};
/* clang-format on */

const struct check_group efs_group = {.id = "efs", .name = "EFS", CHECKS(rows)};
