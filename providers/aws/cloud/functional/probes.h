/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is looked at from inside an instance of the cloud: a table of checks, with facts that the instance reports
 * (instance.sh) and a plan whose only source is a running instance (watch.h).
 *
 * Adding a probe is a word here, a row in probes.c and its function in instance.sh.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_FUNCTIONAL_PROBES_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_FUNCTIONAL_PROBES_H

#include <stdbool.h>
#include <stddef.h>

#include "verify/verification.h"

struct arena;

/*
 * X(word, id, usual seconds from the launch to its end, what is being done), in the order in which the instance looks. The ids
 * are those of reports. The times are guesses for an m5.xlarge: Ray's were measured on a machine with two cores, with
 * Ray 2.60 from the index, on 2026-11-30; boots were not.
 */
#define PROBES(X) \
	X(BOOT, "boot", 45, "starting an instance") \
	X(ROLE, "role", 46, "asking STS who the instance is") \
	X(DNS, "dns", 46, "resolving names on the instance") \
	X(EGRESS_S3, "egress.s3", 47, "reaching S3 from the instance") \
	X(EGRESS_ECR, "egress.ecr", 47, "reaching ECR from the instance") \
	X(EGRESS_PYPI, "egress.pypi", 48, "reaching PyPI from the instance") \
	X(S3, "s3", 49, "using the bucket from the instance") \
	X(EFS, "efs", 52, "mounting the file system on the instance") \
	X(MEMORYDB_TLS, "memorydb-tls", 53, "reaching MemoryDB from the instance") \
	X(RAY_INSTALL, "ray-install", 120, "installing Ray on the instance") \
	X(RAY_START, "ray-start", 136, "starting Ray on the instance") \
	X(RAY_TASK, "ray-task", 140, "running a task on the instance") \
	X(SERVE_DEPLOY, "serve-deploy", 165, "deploying a service on the instance") \
	X(HTTP, "http", 167, "asking the service on the instance") \
	X(HEAD_KILL, "head-kill", 175, "killing Ray's head on the instance") \
	X(HEAD_RESTART, "head-restart", 185, "starting Ray's head again on the instance") \
	X(HTTP_AGAIN, "http-again", 190, "asking the service again on the instance") \
	X(CLEANUP, "cleanup", 200, "removing what Ray kept in MemoryDB")

/* Facts of functional_table's plan, in its order. */
enum probe {
#define WORD(word, ...) PROBE_##word,
	PROBES(WORD)
#undef WORD
		PROBE_COUNT,
};

/* What the source of the plan is asked: an operation. */
struct probe_operation {
	const char *id;
	int usual_s; /* see PROBES */
};

extern const struct probe_operation probe_operations[PROBE_COUNT];

#define FUNCTIONAL_WORKSPACE "workspace"
#define FUNCTIONAL_SERVICE "service"

/* Is this one of what --functional-verify named? A workspace where it named nothing. */
bool functional_wants(const char *what, const char *word);

/* Which of the checks are judged then. Patterns are in arena. */
struct verify_options functional_choice(struct arena *arena, const char *what);

/* The checks; cannot be chosen by `verify --only`. */
extern const struct check_table functional_table;

#endif
