/* SPDX-License-Identifier: Apache-2.0 */
/* AWS as a provider, and the commands that it carries out: see providers/provider.h. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_AWS_PROVIDER_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_AWS_PROVIDER_H

#include <stdbool.h>

#include "providers/aws/cloud/setup_choices.h"
#include "providers/provider.h"
#include "providers/run.h"

extern const struct provider aws_provider;

/* What `verify` looks at. Its groups are the lines of the summary. */
extern const struct check_table cloud_checks;

/* `setup`; options: struct setup_options (setup_plan.h). */
int cloud_setup(struct run *run, const void *options, struct error *err);

/* `register`; options: struct register_options (register_input.h). */
int cloud_register(struct run *run, const void *options, struct error *err);

/* `edit`; options: struct edit_options (edit_input.h). */
int cloud_edit(struct run *run, const void *options, struct error *err);

struct import_options {
	const char *stack; /* name or ARN */
	const char *file, *name;
	bool all;
};
extern const struct option import_option_rows[];

/* `import`; options: struct import_options. */
int cloud_import(struct run *run, const void *options, struct error *err);
/* `update`; options: struct update_options (update_plan.h). */
int cloud_update(struct run *run, const void *options, struct error *err);

struct delete_options {
	bool yes;
	bool plan;               /* say what would be deleted, and end */
	bool force;              /* whatever is in the way */
	struct text_list retain; /* logical ids of resources that could not be deleted, and are to stay */
	bool force_stack;        /* the stack goes, whatever of it cannot be deleted */
	bool with_bucket;        /* and the bucket with all that is in it */
	bool keep_file_system;   /* the file system stays when the stack goes */
	bool clean;              /* take away what the control plane made */
};
extern const struct option delete_option_rows[];

/* `delete`; options: struct delete_options. */
int cloud_delete(struct run *run, const void *options, struct error *err);

struct ray_export_options {
	const char *format;
	struct cloud_selector selector;
	const char *cluster_name, *head_type, *idle_minutes, *image, *volume_gib, *ray_version, *docker;
	struct text_list node_types;
	const char *public_key, *private_key, *key_name, *head_profile, *worker_profile;
};
extern const struct option ray_export_option_rows[];

/* `export ray`; options: struct ray_export_options. Makes nothing. */
int ray_export(struct run *run, const void *options, struct error *err);

struct policy_options {
	const char *command;
	struct cloud_selector selector;
	bool check, memorydb, private_network, simulate, continues, clean, with_bucket, keep_file_system;
	const char *account, *deployment, *key_arn, *vpc_id, *from_stack, *part, *cluster, *functional;
	struct setup_choices choices;
};
extern const struct option policy_option_rows[];

/* `policy`; options: struct policy_options. */
int cloud_policy(struct run *run, const void *options, struct error *err);

#endif
