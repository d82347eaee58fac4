/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cluster file for Ray's own launcher (`ray up`), as text. It names everything that Ray would otherwise make or look for,
 * so that Ray makes no call of IAM before the launch, and four of EC2. Pure.
 *
 * Source: ray/autoscaler/ray-schema.json and ray/autoscaler/_private/aws of Ray 2.60.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_RAY_CLUSTER_FILE_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_RAY_CLUSTER_FILE_H

#include "base/text.h"
#include "providers/aws/cloud/ray/node_type.h"

struct arena;
struct cloud;

/* The version that a file pins when none is named; what this room knows of Ray was run with it. */
#define RAY_VERSION "2.60.0"

struct cluster_file {
	const struct cloud *cloud;
	const char *cluster_name;
	const char *ray_version; /* "2.60.0" */
	const char *made_on;     /* "2026-12-01" */
	struct node_type head;   /* min and max are not used */
	struct node_types workers;
	int idle_minutes;
	int volume_gib;                            /* of root volumes, where the image needs no more */
	const char *head_profile, *worker_profile; /* ARNs of instance profiles */
	const char *ssh_user;
	const char *private_key; /* path on the launcher's machine */
	const char *key_name;    /* of EC2; NULL: public_key comes in user data */
	const char *public_key;  /* a line of OpenSSH */
	const char *docker;      /* image; NULL: without */
};

/* The text, in arena. Everything in *file was checked before; texts from outside are quoted as YAML. */
const char *cluster_file_text(struct arena *arena, const struct cluster_file *file);

/* The most workers at a time, of all types. */
int cluster_file_max_workers(const struct cluster_file *file);

#endif
