/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One instance of a cloud: who launches it, from which image, and how it goes again.
 *
 * It is launched as clusters are: by the control-plane role, with the node role's profile and the cloud's groups. What that
 * role may not do (look up an image, read a console, use the bucket) is done with the caller's credentials.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_FUNCTIONAL_LAUNCH_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_FUNCTIONAL_LAUNCH_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "providers/aws/credentials/credentials.h"

struct arena;
struct aws;
struct aws_operation;
struct cloud;
struct world;

/* The tags of what is launched, beside that of the control plane. */
#define RUN_TAG "cloudctl-run"
#define EXPIRES_TAG "cloudctl-expires"

#define LAUNCH_PREFIX "cloudctl/functional/" /* of all keys that runs write */

enum {
	LAUNCH_MINUTES = 20,    /* after which the instance ends itself */
	LAUNCH_ROLE_S = 3600,   /* of the role's session, longer than all of it takes */
	LAUNCH_VOLUME_GIB = 16, /* of the root volume, or the image's own size where that is larger */
};

/* What the caller and what the launcher calls, ended by NULL. The instance writes its report with the caller's permission. */
extern const struct aws_operation *const launch_caller_operations[];
extern const struct aws_operation *const launch_role_operations[];

struct launch {
	struct arena *arena;
	struct world *world;
	struct aws *caller;
	struct aws *launcher; /* the control-plane role's session; or the caller's */
	const struct cloud *cloud;
	const char *run;  /* its id, by which everything is found again; NULL: any run of the cloud */
	const char *what; /* of functional_wants() */
	const char *instance_type; /* "m5.xlarge" */
	const char *image, *root_device;
	int volume_gib;
};

/*
 * A session of the control-plane role, with the credentials of caller's. ERROR_DENIED when the role does not let the caller
 * in. *credentials is in the sessions' arena.
 */
struct aws *launch_become_role(struct aws *caller, struct arena *arena, const struct cloud *cloud,
	struct credentials **credentials, struct error *err);

/* image NULL: Ubuntu 22.04, whose id is a public parameter of SSM. Fills in image, root_device and volume_gib. */
int launch_choose_image(struct launch *launch, const char *image, struct error *err);

/* Where the report of the run is written: the key in the cloud's bucket, in arena. */
const char *launch_report_key(const struct launch *launch);

/* Launch; token makes it safe to repeat. *instance is its id, in arena. */
int launch_instance(const struct launch *launch, const char *token, const char **instance, struct error *err);

/* Below which the run writes to the bucket: "cloudctl/functional/RUN/", in arena. */
const char *launch_prefix(const struct launch *launch);

/* The input that asks EC2 for what has the run's tag, and the cloud's; new reference. */
json_t *launch_filter(const struct launch *launch);

/* EC2's answer about the run's instances that are not terminated; NULL with *err set. */
const json_t *launch_describe(const struct launch *launch, struct error *err);

/*
 * Terminate those, wait until they are gone (minutes), and remove all versions of what they wrote to the bucket. Nothing
 * there: done. Says how many instances it terminated in *count.
 */
int launch_take_away(const struct launch *launch, int *count, struct error *err);

#endif
