/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a cluster file, top to bottom. */
#include "providers/aws/cloud/ray/cluster_file.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/aws/cloud/machine_image.h"
#include "providers/records/cloud.h"

enum { FILE_MAX = 1 << 20 };

#define SHARED "/mnt/shared"

struct writer {
	struct arena *arena;
	struct str text;
	const struct cluster_file *file;
	const struct aws_resources *resources;
};

/* Every string of JSON is one of YAML 1.2, and what PyYAML reads the same way. */
static const char *quoted(struct writer *w, const char *text)
{
	json_t *string = json_string(text);
	char *dumped = string ? json_dumps(string, JSON_ENCODE_ANY | JSON_ENSURE_ASCII) : NULL;
	const char *kept = arena_strdup(w->arena, dumped ? dumped : "\"\"");

	free(dumped);
	json_decref(string);
	return kept;
}

static const char *quoted_list(struct writer *w, const struct text_list *texts)
{
	struct text_list list = {0};

	for (size_t i = 0; i < texts->count; i++)
		text_list_add(w->arena, &list, quoted(w, texts->items[i]));
	return arena_printf(w->arena, "[%s]", text_join(w->arena, &list, ", "));
}

int cluster_file_max_workers(const struct cluster_file *file)
{
	int sum = 0;

	for (size_t i = 0; i < file->workers.count; i++)
		sum += file->workers.items[i].max;
	return sum;
}

static void put_head_of_file(struct writer *w)
{
	const struct cluster_file *file = w->file;
	const struct cloud *cloud = file->cloud;

	str_printf(&w->text,
		"# A cluster file for ray up, of cloud %s (%s); cloudctl export ray made it on %s.\n"
		"# As the launcher's role, with Ray %s on your machine: ray up FILE, and in the end: ray down FILE\n"
		"cluster_name: %s\n"
		"# The most workers at a time, of all types.\n"
		"max_workers: %d\n"
		"# After which a worker that has nothing to do is terminated.\n"
		"idle_timeout_minutes: %d\n\n"
		"provider:\n  type: aws\n  region: %s\n"
		"  # Stopped instances cost for their volumes, so they are terminated.\n"
		"  cache_stopped_nodes: false\n",
		quoted(w, cloud->name), cloud->id, file->made_on, file->ray_version,
		quoted(w, file->cluster_name), cluster_file_max_workers(file), file->idle_minutes,
		quoted(w, cloud->region));
	if (cloud->networking == NETWORKING_PRIVATE)
		str_puts(&w->text,
			"  # The subnets are private: run ray up where their addresses are reached.\n"
			"  use_internal_ips: true\n");
	str_printf(&w->text,
		"\n# ray up comes by SSH, which the cloud's security group lets in from --ssh-cidr alone.\nauth:\n  ssh_user: %s\n  ssh_private_key: %s\n",
		quoted(w, file->ssh_user), quoted(w, file->private_key));
}

/* With a volume into the container for the shared files. */
static void put_docker(struct writer *w)
{
	const char *efs = w->resources->file_system_id;

	if (!w->file->docker)
		return;
	str_printf(&w->text,
		"\ndocker:\n  image: %s\n  container_name: ray_container\n  pull_before_run: true\n"
		"  run_options: [\"--ulimit\", \"nofile=65536:65536\"%s]\n",
		quoted(w, w->file->docker), efs ? ", \"--volume\", \"" SHARED ":" SHARED "\"" : "");
}

/* The launcher's and the head's permissions demand the cloud's tag; volumes have it for those who pay. */
static void put_tags(struct writer *w)
{
	static const char *const types[] = {"instance", "volume"};
	const struct text_list *own = &aws_cloud(w->file->cloud)->setup.tags;
	const char *tags = arena_printf(w->arena, "{Key: " CLOUD_TAG ", Value: %s}", w->file->cloud->id);

	for (size_t i = 0; i < own->count; i++) {
		const char *equals = strchr(own->items[i], '=');

		tags = arena_printf(w->arena, "%s, {Key: %s, Value: %s}", tags,
			quoted(w, arena_strndup(w->arena, own->items[i], (size_t)(equals - own->items[i]))),
			quoted(w, equals + 1));
	}
	str_puts(&w->text, "      TagSpecifications:\n");
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		str_printf(&w->text, "        - {ResourceType: %s, Tags: [%s]}\n", types[i], tags);
}

static void put_key(struct writer *w)
{
	if (w->file->key_name)
		str_printf(&w->text, "      KeyName: %s\n", quoted(w, w->file->key_name));
	else
		str_printf(&w->text, "      UserData: %s\n",
			quoted(w,
				arena_printf(w->arena, "#cloud-config\nssh_authorized_keys:\n- %s\n",
					quoted(w, w->file->public_key))));
}

static void put_node_config(struct writer *w, const struct node_type *type, const char *profile)
{
	const struct cluster_file *file = w->file;

	str_printf(&w->text,
		"    node_config:\n"
		"      InstanceType: %s\n"
		"      # %s\n"
		"      ImageId: %s\n"
		"      # One of each zone, tried in this order.\n"
		"      SubnetIds: %s\n"
		"      SecurityGroupIds: %s\n"
		"      IamInstanceProfile: {Arn: %s}\n",
		quoted(w, type->instance_type), type->image->says, quoted(w, type->image->id),
		quoted_list(w, &w->resources->subnet_ids), quoted_list(w, &w->resources->security_group_ids),
		quoted(w, profile));
	put_key(w);
	/* A container is one hop further from the instance metadata service. */
	str_printf(&w->text,
		"      MetadataOptions: {HttpTokens: required, HttpPutResponseHopLimit: %d}\n"
		"      BlockDeviceMappings:\n"
		"        - DeviceName: %s\n"
		"          Ebs: {VolumeSize: %d, VolumeType: gp3, Encrypted: true, DeleteOnTermination: true}\n",
		file->docker ? 2 : 1, quoted(w, type->image->root_device),
		type->image->volume_gib > file->volume_gib ? type->image->volume_gib : file->volume_gib);
	if (type->spot)
		str_puts(&w->text,
			"      # Without a price: at most that of an instance on demand.\n"
			"      InstanceMarketOptions: {MarketType: spot}\n");
	put_tags(w);
}

static void put_node_type(struct writer *w, const struct node_type *type, const char *profile, bool head)
{
	str_printf(&w->text, "  %s:\n", quoted(w, type->name));
	if (!head)
		str_printf(&w->text, "    min_workers: %d\n    max_workers: %d\n", type->min, type->max);
	str_printf(&w->text, "    resources: {\"CPU\": %d", type->cpus);
	if (type->gpus > 0)
		str_printf(&w->text, ", \"GPU\": %d", type->gpus);
	str_puts(&w->text, "}\n");
	put_node_config(w, type, profile);
}

static void put_node_types(struct writer *w)
{
	const struct cluster_file *file = w->file;

	str_puts(&w->text, "\nhead_node_type: head\navailable_node_types:\n");
	put_node_type(w, &file->head, file->head_profile, true);
	for (size_t i = 0; i < file->workers.count; i++)
		put_node_type(w, &file->workers.items[i], file->worker_profile, false);
}

/* Everybody who can reach a cluster without a token runs code in it (Ray's documentation, "Token authentication"). */
static void put_token(struct writer *w)
{
	str_puts(&w->text,
		"\n# Who talks to the cluster needs this token. Made once on your machine: ray get-auth-token --generate\n"
		"file_mounts:\n  \"~/.ray/auth_token\": \"~/.ray/auth_token\"\n");
}

static void put_command(struct writer *w, const char *command)
{
	str_printf(&w->text, "  - %s\n", quoted(w, command));
}

static const char *mount_command(struct writer *w)
{
	return arena_printf(w->arena,
		"mountpoint -q " SHARED " || (sudo mkdir -p " SHARED
		" && sudo mount -t nfs4 -o nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport %s.efs.%s.amazonaws.com:/ " SHARED
		" && sudo chmod 1777 " SHARED ")",
		w->resources->file_system_id, w->file->cloud->region);
}

static void put_setup(struct writer *w)
{
	const struct cluster_file *file = w->file;
	const char *efs = w->resources->file_system_id;

	str_puts(&w->text, "\n# On the instance itself, once.\ninitialization_commands:\n");
	put_command(w, "cloud-init status --wait >/dev/null || true");
	put_command(w,
		arena_printf(w->arena,
			"sudo apt-get -q update && sudo DEBIAN_FRONTEND=noninteractive apt-get -yq install %s%s",
			file->docker ? "docker.io" : "python3-venv", efs ? " nfs-common" : ""));
	if (file->docker)
		put_command(w, "sudo usermod -aG docker $USER && sudo systemctl restart docker");
	if (efs) {
		str_puts(&w->text, "  # The cloud's file system, the same for every node.\n");
		put_command(w, mount_command(w));
	}
	str_puts(&w->text, "\nsetup_commands:\n");
	if (!file->docker)
		put_command(w,
			arena_printf(w->arena,
				"test -x ~/ray/bin/ray || python3 -m venv ~/ray && ~/ray/bin/pip install -q 'ray[default]==%s' boto3",
				file->ray_version));
	str_puts(&w->text,
		"  # For ray exec and ray attach; the bucket is where the cluster's data belongs.\n");
	put_command(w,
		arena_printf(w->arena,
			"grep -qs RAY_AUTH_MODE ~/.bashrc || echo 'export %sRAY_AUTH_MODE=token CLOUD_BUCKET=s3://%s' >>~/.bashrc",
			file->docker ? "" : "PATH=$HOME/ray/bin:$PATH ", w->resources->bucket));
}

static void put_start(struct writer *w)
{
	const char *ray = w->file->docker ? "ray" : "~/ray/bin/ray";

	str_puts(&w->text,
		"\n# The dashboard listens on the head alone; to see it: ray dashboard FILE\n"
		"head_start_ray_commands:\n");
	put_command(w, arena_printf(w->arena, "%s stop", ray));
	put_command(w,
		arena_printf(w->arena,
			"ulimit -n 65536; RAY_AUTH_MODE=token %s start --head --port=6379 --object-manager-port=8076 --dashboard-host=127.0.0.1 --autoscaling-config=~/ray_bootstrap_config.yaml",
			ray));
	str_puts(&w->text, "worker_start_ray_commands:\n");
	put_command(w, arena_printf(w->arena, "%s stop", ray));
	put_command(w,
		arena_printf(w->arena,
			"ulimit -n 65536; RAY_AUTH_MODE=token %s start --address=$RAY_HEAD_IP:6379 --object-manager-port=8076",
			ray));
}

const char *cluster_file_text(struct arena *arena, const struct cluster_file *file)
{
	struct writer w = {arena, {.arena = arena, .max = FILE_MAX}, file,
		&aws_cloud(file->cloud)->resources};

	put_head_of_file(&w);
	put_docker(&w);
	put_node_types(&w);
	put_token(&w);
	put_setup(&w);
	put_start(&w);
	return str_text(&w.text);
}
