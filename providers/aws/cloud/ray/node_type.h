/* SPDX-License-Identifier: Apache-2.0 */
/* A node type of a Ray cluster as the command line names it: "gpu=g5.xlarge/g4dn.xlarge:0:4:spot". Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_RAY_NODE_TYPE_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_RAY_NODE_TYPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

struct arena;
struct machine_image;

enum {
	NODE_TYPES_MAX = 50,    /* of one cluster, each instance type counted */
	NODE_COUNT_MAX = 10000, /* nodes of one type */
};

/* One instance type: a name with several instance types becomes several of these, "gpu-g5-xlarge" and so on. */
struct node_type {
	const char *name, *instance_type;
	int min, max;
	bool spot;
	/* what the instance type has, from EC2; 0 before that is known */
	int cpus, gpus;
	const struct machine_image *image;
};

struct node_types {
	struct node_type *items;
	size_t count;
};

/* Is it the name of an instance type, such as m5.xlarge? */
bool instance_type_valid(const char *text);

/*
 * Read NAME=INSTANCE[/INSTANCE…]:MIN:MAX[:spot], in arena, each name once. An empty list is one type, "worker", of the same
 * instance type as the head's, 0 to 2. ERROR_USAGE says what is wrong with which.
 */
int node_types_read(struct arena *arena, const struct text_list *options, const char *head_instance_type,
	struct node_types *types, struct error *err);

#endif
