/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One instance of a cloud: who launches it, from which image, and how it goes again.
 *
 * It is launched as clusters are: by the control-plane role, with the node role's profile and the cloud's groups. What that
 * role may not do (look up an image, read a console, use the bucket) is done with the caller's credentials.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_FUNCTIONAL_LAUNCH_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_FUNCTIONAL_LAUNCH_H

#include <stdbool.h>

#include "base/error.h"
#include "providers/aws/credentials/credentials.h"

struct arena;
struct aws;
struct cloud;
struct world;

/* The tags of what is launched, beside that of the control plane. */
#define RUN_TAG "cloudctl-run"
#define EXPIRES_TAG "cloudctl-expires"

enum {
	LAUNCH_MINUTES = 20,    /* after which the instance ends itself */
	LAUNCH_ROLE_S = 3600,   /* of the role's session, longer than all of it takes */
	LAUNCH_VOLUME_GIB = 16, /* of the root volume, or the image's own size where that is larger */
};

struct launch {
	struct arena *arena;
	struct world *world;
	struct aws *caller;
	struct aws *launcher; /* the control-plane role's session; or the caller's */
	const struct cloud *cloud;
	const char *run;           /* id of the run, by which everything is found again */
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

/*
 * Terminate what has the run's tag, wait until it is gone (minutes), and remove what it wrote to the bucket. Nothing there:
 * done. Says how many instances it terminated in *count.
 */
int launch_take_away(const struct launch *launch, int *count, struct error *err);

#endif
