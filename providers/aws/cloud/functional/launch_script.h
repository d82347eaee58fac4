/* SPDX-License-Identifier: Apache-2.0 */
/* The user data of an instance that looks at its cloud from inside: values, and instance.sh. Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_FUNCTIONAL_LAUNCH_SCRIPT_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_FUNCTIONAL_LAUNCH_SCRIPT_H

#include "base/error.h"

struct arena;

/* EC2 takes 16 KB, before Base64 (Amazon EC2 User Guide, "Run commands when you launch an EC2 instance"). */
enum { USER_DATA_MAX = 16384 };

/* The version of Ray that is installed where the image has none; the newest at PyPI on 2026-11-30. */
#define RAY_VERSION "2.60.0"

struct launch_script {
	const char *run;        /* id of the run */
	const char *region;     /* for signatures */
	const char *report_url; /* presigned PUT; as secret as a password while it holds */
	const char *bucket_url; /* without a slash at its end */
	const char *sts_url, *ecr_url, *pypi_url;
	const char *names;       /* host names that must resolve, separated by spaces */
	const char *efs_name;    /* "": the cloud has no file system */
	const char *efs_address; /* the recorded mount address, or "" */
	const char *what;        /* "workspace", "service", or both with a comma */
	const char *redis;       /* "host:port" of MemoryDB; "": the cloud has none, or it is not looked at */
	int minutes;             /* after which the instance ends itself, whatever happens */
};

/* The text, in arena. ERROR_INPUT when it would be longer than USER_DATA_MAX. */
const char *launch_script(struct arena *arena, const struct launch_script *values, struct error *err);

#endif
