/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preflight: what `setup` looks at before it makes anything, with facts, a plan and checks of its own, gathered and
 * judged by the same machinery as a verification (verify_run() in verify/verification.h).
 *
 * The facts are about an account and a region, and about a cloud that is not there: facts->cloud is the cloud as it is
 * going to be. Its region, account and stack_name are set, and of its resources the names that are certain beforehand:
 * bucket, both roles, and memorydb_cluster when it is to have one.
 *
 * Adding a check is a word in the enum of facts, a row in preflight_plan.c, a row in preflight.c and its function.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_PREFLIGHT_PREFLIGHT_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_PREFLIGHT_PREFLIGHT_H

#include "providers/aws/cloud/caller.h"
#include "providers/aws/cloud/permissions/needs.h"
#include "verify/check.h"
#include "verify/plan.h"

/* Facts of preflight_plan, in its order. */
enum preflight_fact {
	PREFLIGHT_REQUEST,     /* given: preflight_request() */
	PREFLIGHT_IDENTITY,    /* given: the reply of sts:GetCallerIdentity */
	PREFLIGHT_PERMISSIONS, /* given: preflight_permissions() */
	PREFLIGHT_SIMULATION,  /* by question */
	PREFLIGHT_ZONES,
	PREFLIGHT_ENDPOINT_SERVICES,
	PREFLIGHT_PUBLIC_ACCESS,
	PREFLIGHT_VPCS,
	PREFLIGHT_INTERNET_GATEWAYS,
	PREFLIGHT_SECURITY_GROUPS,
	PREFLIGHT_GATEWAY_ENDPOINTS,
	PREFLIGHT_ADDRESSES,
	PREFLIGHT_NAT_GATEWAYS,
	PREFLIGHT_SUBNETS,
	PREFLIGHT_INSTANCES,
	PREFLIGHT_QUOTAS, /* by code; JSON null: no value applied, so the default holds */
	PREFLIGHT_DEFAULT_QUOTAS,
	PREFLIGHT_KEY, /* of --kms-key */
	PREFLIGHT_KEY_POLICY,
	PREFLIGHT_BUCKET,
	PREFLIGHT_CONTROL_PLANE_ROLE,
	PREFLIGHT_NODE_ROLE,
	PREFLIGHT_INSTANCE_PROFILE,
	PREFLIGHT_MEMORYDB_CLUSTER,
	PREFLIGHT_MEMORYDB_SUBNET_GROUP,
	PREFLIGHT_MEMORYDB_PARAMETER_GROUP,
	PREFLIGHT_FACT_COUNT,
};

/* The checks, which cannot be chosen by `verify`, and what they ask. */
extern const struct check_table preflight_table;

/* The checks of names that an earlier try may have left; to be skipped for a cloud whose random id is new. */
extern const char preflight_names_glob[];

/*
 * The fact REQUEST, what the user asked for (new reference). must_differ: no VPC of the region may overlap vpc_cidr.
 * zones: those of the user's own subnets; empty: they are to be chosen.
 */
json_t *preflight_request(const char *vpc_cidr, bool must_differ, const struct text_list *zones);

/*
 * The fact PERMISSIONS: what `setup` needs, as questions about the holder's principal (needs_questions(); new reference).
 * The root user is not asked about.
 */
json_t *preflight_permissions(struct arena *arena, const struct caller_principal *caller,
	const struct needs *needs, const struct permission_scope *scope);

enum { PREFLIGHT_ZONES_MAX = 6 }; /* the template's */

/*
 * The zones for the subnets, by name and in order, at most PREFLIGHT_ZONES_MAX, and where each has a NAT gateway at most
 * NAT_GATEWAYS_MAX: those that are available and, as far as
 * that is known, offer what the cloud needs: EFS, and MemoryDB when it is to have that. Empty while ZONES is not known.
 * Zones of the user's own subnets are those of the request, as they are.
 */
struct text_list preflight_zones(const struct facts *facts);

#endif
