/* SPDX-License-Identifier: Apache-2.0 */
/* `export ray`: a cluster file for a cloud. */
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/file.h"
#include "base/option.h"
#include "base/timestamp.h"
#include "base/tree.h"
#include "base/world.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/aws_provider.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/machine_image.h"
#include "providers/aws/cloud/ray/cluster_file.h"
#include "providers/aws/cloud/ray/instance_types.h"
#include "providers/aws/cloud/ray/ray_policy.h"
#include "providers/records/cloud.h"
#include "providers/run.h"

enum {
	KEY_MAX = 16 << 10, /* bytes of a public key's file */
	IDLE_MINUTES = 5,
	VOLUME_GIB = 100,
};

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* --- what the user said --- */

static bool is_image(const char *text)
{
	return text_starts_with(text, "ami-") && text_only(text + 4, "0123456789abcdef", 8, 17);
}

/* Of Ray or of a container: what pip and Docker take, without what a shell would read. */
static bool is_version(const char *text)
{
	return text_only(text, LETTERS ".", 1, 30);
}

static bool is_docker_image(const char *text)
{
	return text_only(text, LETTERS "_.-/:@", 1, 255) && text[0] != '-';
}

static bool is_profile(const char *text)
{
	return text_glob("arn:aws*:iam::*:instance-profile/?*", text, false) &&
		text_only(text, LETTERS ":/_+=,.@-", 20, 2048);
}

/* EC2 API Reference, "CreateKeyPair": up to 255 ASCII characters. */
static bool is_key_name(const char *text)
{
	for (const char *c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			return false;
	return strlen(text) <= 255;
}

static bool is_path(const char *text)
{
	return is_key_name(text);
}

#define AT(member) offsetof(struct ray_export_options, member)

static const struct {
	const char *option;
	size_t offset;
	bool (*valid)(const char *text);
	const char *form; /* after "is not" */
} texts[] = {
	{"cluster-name", AT(cluster_name), ray_cluster_name_valid, "1 to 63 of A-Z a-z 0-9 and _.-"},
	{"head-type", AT(head_type), instance_type_valid, "an instance type, such as m5.xlarge"},
	{"image-id", AT(image), is_image, "an image's id, such as ami-0123456789abcdef0"},
	{"ray-version", AT(ray_version), is_version, "a version, such as " RAY_VERSION},
	{"docker", AT(docker), is_docker_image, "the name of a container image"},
	{"head-profile-arn", AT(head_profile), is_profile, "the ARN of an instance profile"},
	{"worker-profile-arn", AT(worker_profile), is_profile, "the ARN of an instance profile"},
	{"key-name", AT(key_name), is_key_name, "the name of a key pair"},
	{"ssh-private-key", AT(private_key), is_path, "a path of visible ASCII characters"},
};

static int check_options(const struct ray_export_options *options, struct error *err)
{
	for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
		const char *value = *(const char *const *)((const char *)options + texts[i].offset);

		if (value && !texts[i].valid(value))
			return error_set(err, ERROR_USAGE, "--%s: '%s' is not %s", texts[i].option, value,
				texts[i].form);
	}
	if (options->key_name && options->public_key)
		return error_set(err, ERROR_USAGE,
			"--key-name and --ssh-public-key: either a key pair of EC2 or a key of your own");
	if (options->key_name && !options->private_key)
		return error_set(err, ERROR_USAGE,
			"--key-name needs the key's file on this machine: --ssh-private-key");
	return 0;
}

static int read_number(const char *option, const char *text, int most, int usual, int *number,
	struct error *err)
{
	uint64_t value;

	*number = usual;
	if (!text)
		return 0;
	if (!text_number(text, 1, (uint64_t)most, &value))
		return error_set(err, ERROR_USAGE, "--%s: '%s' is not a number from 1 to %d", option, text,
			most);
	*number = (int)value;
	return 0;
}

/* --- the key --- */

/* One line of OpenSSH: "ssh-ed25519 AAAA… comment" (sshd(8), AUTHORIZED_KEYS FILE FORMAT), without options. */
static const char *key_line(struct arena *arena, const char *data)
{
	size_t length = strcspn(data, "\r\n");
	const char *line = arena_strndup(arena, data, length);

	if (data[length + strspn(data + length, "\r\n")] != '\0' || !is_key_name(line) || length > 2000)
		return NULL;
	return text_starts_with(line, "ssh-") || text_starts_with(line, "ecdsa-") ||
			text_starts_with(line, "sk-")
		? line
		: NULL;
}

static int read_key(struct run *run, const char *path, struct cluster_file *file, struct error *err)
{
	char *data;
	size_t length;

	if (file_read(run->arena, path, KEY_MAX, &data, &length, err) < 0)
		return -1;
	file->public_key = key_line(run->arena, data);
	if (!file->public_key)
		return error_set(err, ERROR_INPUT, "%s: is not a public key of OpenSSH, in one line", path);
	return 0;
}

/* The first of the usual ones that is there; *path is NULL when none is. */
static int find_key(struct run *run, struct cluster_file *file, const char **path, struct error *err)
{
	static const char *const usual[] = {"id_ed25519", "id_ecdsa", "id_rsa"};
	const char *home = run->world->environment(run->world, "HOME");

	*path = NULL;
	for (size_t i = 0; home && i < ARRAY_LENGTH(usual); i++) {
		const char *name = arena_printf(run->arena, "%s/.ssh/%s.pub", home, usual[i]);

		if (read_key(run, name, file, err) == 0) {
			*path = arena_printf(run->arena, "~/.ssh/%s.pub", usual[i]);
			return 0;
		}
		if (err->kind != ERROR_NOT_FOUND)
			return -1;
		error_clear(err);
	}
	return error_set(err, ERROR_USAGE,
		"no key for SSH: there is none in ~/.ssh; add --ssh-public-key FILE, or --key-name and --ssh-private-key");
}

/* Ray copies the private key to the head, which reaches the workers with it. */
static int choose_key(struct run *run, const struct ray_export_options *options, struct cluster_file *file,
	struct error *err)
{
	const char *path = options->public_key;

	file->key_name = options->key_name;
	file->private_key = options->private_key;
	if (file->key_name)
		return 0;
	if (path ? read_key(run, path, file, err) < 0 : find_key(run, file, &path, err) < 0)
		return -1;
	if (file->private_key)
		return 0;
	if (!text_ends_with(path, ".pub") || !is_path(path))
		return error_set(err, ERROR_USAGE,
			"--ssh-public-key: its private key is not beside it; add --ssh-private-key");
	file->private_key = arena_strndup(run->arena, path, strlen(path) - strlen(".pub"));
	return 0;
}

/* --- the profiles --- */

static int choose_profiles(struct run *run, const struct ray_export_options *options,
	struct cluster_file *file, struct error *err)
{
	const struct cloud *cloud = file->cloud;
	bool has_own = aws_cloud(cloud)->setup.with_ray;

	file->head_profile = options->head_profile;
	file->worker_profile = options->worker_profile;
	if (has_own && !file->head_profile)
		file->head_profile = ray_arn(run->arena, cloud, "instance-profile", "head");
	if (has_own && !file->worker_profile)
		file->worker_profile = ray_arn(run->arena, cloud, "instance-profile", "worker");
	if (file->head_profile && file->worker_profile)
		return 0;
	return cloud->deployment == DEPLOYMENT_MANAGED
		? error_set(err, ERROR_USAGE,
			  "cloud '%s' has no roles for Ray; make them: cloudctl update %s --with-ray, or name instance profiles: --head-profile-arn and --worker-profile-arn",
			  cloud->name, cloud->name)
		: error_set(err, ERROR_USAGE,
			  "cloud '%s' is registered, so its record names no roles for Ray; name instance profiles: --head-profile-arn and --worker-profile-arn",
			  cloud->name);
}

/* --- the command --- */

static int choose_images(struct aws *aws, struct run *run, const char *image, struct cluster_file *file,
	struct error *err)
{
	struct machine_image *found = NEW_ARRAY(run->arena, struct machine_image,
		2); /* without and with GPUs */
	const char *architecture;

	if (instance_types_find(aws, run->arena, &file->head, &file->workers, &architecture, err) < 0)
		return -1;
	for (size_t i = 0; i <= file->workers.count; i++) {
		struct node_type *type = i == 0 ? &file->head : &file->workers.items[i - 1];
		const struct machine_wish wish = {image, architecture, .gpu = type->gpus > 0 && !image};

		if (!found[wish.gpu].id &&
			machine_image_find(aws, run->arena, file->cloud->region, &wish, &found[wish.gpu],
				err) < 0)
			return -1;
		type->image = &found[wish.gpu];
	}
	return 0;
}

static int make_file(struct run *run, const struct ray_export_options *options, struct cluster_file *file,
	struct error *err)
{
	const struct cloud *cloud = file->cloud;
	struct aws *aws;

	if (choose_profiles(run, options, file, err) < 0 || choose_key(run, options, file, err) < 0)
		return -1;
	aws = cloud_session(run, cloud->region, false, err);
	return aws && choose_images(aws, run, options->image, file, err) == 0 ? 0 : -1;
}

int ray_export(struct run *run, const void *data, struct error *err)
{
	const struct ray_export_options *options = data;
	const char *head = text_or(options->head_type, "m5.xlarge");
	char now[TIMESTAMP_SIZE];
	struct cloud cloud;
	struct cluster_file file = {
		.cloud = &cloud,
		.ray_version = text_or(options->ray_version, RAY_VERSION),
		.head = {.name = "head", .instance_type = head},
		.ssh_user = "ubuntu",
		.docker = options->docker,
	};

	if (check_options(options, err) < 0 ||
		read_number("idle-timeout-minutes", options->idle_minutes, 100000, IDLE_MINUTES,
			&file.idle_minutes, err) < 0 ||
		read_number("volume-size", options->volume_gib, 16384, VOLUME_GIB, &file.volume_gib, err) <
			0 ||
		node_types_read(run->arena, &options->node_types, head, &file.workers, err) < 0 ||
		run->find_cloud(run, &options->selector, &cloud, err) < 0)
		return -1;
	file.cluster_name = text_or(options->cluster_name, cloud.name);
	file.made_on = arena_strndup(run->arena, timestamp_rfc3339(run->world->wall_ms(run->world), now),
		strlen("2026-12-01"));
	if (make_file(run, options, &file, err) < 0)
		return -1;
	run->result.lines = cluster_file_text(run->arena, &file);
	run->result.document = tree_defer(run->arena,
		json_pack("{s:s, s:s, s:s}", "format", "ray", "cluster_name", file.cluster_name, "file",
			run->result.lines));
	return 0;
}

const struct option ray_export_option_rows[] = {
	{"FORMAT", 0, OPTION_ARGUMENT, AT(format), NULL, "ray: a cluster file for ray up", "ray"},
	{"CLOUD", 0, OPTION_ARGUMENT, AT(selector.positional), NULL,
		"name or id of the cloud (default: the default cloud, or the only one)"},
	{"name", 'n', OPTION_TEXT, AT(selector.name), "NAME", "name of the cloud"},
	{"cloud-id", 0, OPTION_TEXT, AT(selector.id), "ID", "id of the cloud (cld_...)"},
	{"id", .alias_of = "cloud-id"},
	{"cluster-name", 0, OPTION_TEXT, AT(cluster_name), "NAME",
		"name of the cluster (default: that of the cloud)"},
	{"head-type", 0, OPTION_TEXT, AT(head_type), "INSTANCE",
		"instance type of the head node (default: m5.xlarge)"},
	{"node-type", 0, OPTION_LIST, AT(node_types), "SPEC",
		"NAME=INSTANCE:MIN:MAX[:spot], workers of a type, with several instance types separated by /; may be repeated (default: worker=m5.xlarge:0:2)"},
	{"idle-timeout-minutes", 0, OPTION_TEXT, AT(idle_minutes), "MINUTES",
		"after which an idle worker is terminated (default: 5)"},
	{"image-id", 0, OPTION_TEXT, AT(image), "ID",
		"image of all nodes (default: Ubuntu 22.04, with NVIDIA's driver for types with GPUs)"},
	{"volume-size", 0, OPTION_TEXT, AT(volume_gib), "GIB",
		"root volume of each node (default: 100, or the image's where that is more)"},
	{"ray-version", 0, OPTION_TEXT, AT(ray_version), "VERSION",
		"version of Ray on the nodes, which must be yours (default: " RAY_VERSION ")"},
	{"docker", 0, OPTION_TEXT, AT(docker), "IMAGE", "run Ray in a container of this image, which has it"},
	{"ssh-public-key", 0, OPTION_TEXT, AT(public_key), "FILE",
		"public key that the nodes get (default: the first of id_ed25519, id_ecdsa and id_rsa in ~/.ssh)"},
	{"ssh-private-key", 0, OPTION_TEXT, AT(private_key), "FILE",
		"its private key, which is not read (default: beside the public key)"},
	{"key-name", 0, OPTION_TEXT, AT(key_name), "NAME", "instead: a key pair of EC2"},
	{"head-profile-arn", 0, OPTION_TEXT, AT(head_profile), "ARN",
		"instance profile of the head node (default: that of --with-ray)"},
	{"worker-profile-arn", 0, OPTION_TEXT, AT(worker_profile), "ARN",
		"instance profile of the workers (default: that of --with-ray)"},
	{NULL},
};
