/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the preflight share; nobody else includes this but their test. See preflight.h. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_PREFLIGHT_PREFLIGHT_PARTS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_PREFLIGHT_PREFLIGHT_PARTS_H

#include "providers/aws/cloud/preflight/preflight.h"

extern const struct plan preflight_plan;

#define PREFLIGHT_REQUEST_ZONES "zones" /* member of the fact REQUEST */

/* --- preflight_quotas.c --- */

struct quota {
	const char *service, *code; /* of Service Quotas */
	const char *raise;          /* the code whose increase raises it, where that is another; NULL */
	const char *things;         /* "VPCs" */
	/* by one setup: as many, or as many as it has NAT gateways */
	int64_t needed;
	bool for_each_nat_gateway;
	int64_t needed_with_vpc;  /* more where a VPC is made */
	unsigned part;            /* that takes it (enum stack_part) */
	enum verdict shortfall;   /* VERDICT_FAIL; VERDICT_WARN when setup itself takes none of it */
	enum preflight_fact fact; /* what there is, */
	const char *list;         /* and the list of it */
	/* how much is in use; *unclear counts things whose share AWS does not say */
	int64_t (*in_use)(const struct facts *facts, const struct quota *quota, int64_t *unclear);
};

enum { QUOTAS = 7 };
extern const struct quota quotas[QUOTAS];

/* limit − in use − needed; below 0 it falls short. */
check_fn check_preflight_vpcs, check_preflight_internet_gateways, check_preflight_security_groups,
	check_preflight_gateway_endpoints, check_preflight_addresses, check_preflight_nat_gateways,
	check_preflight_vcpus;

/* --- preflight_permissions.c --- */

/* The questions to IAM's policy simulator, by their number. */
void permissions_ask(const struct facts *facts, struct ask *ask);

check_fn check_preflight_permissions;

/* --- preflight_zones.c --- */

/* The name of an AWS service's VPC endpoint service in the cloud's region, in facts->arena. */
const char *zones_endpoint_service(const struct facts *facts, const char *service);
#define ZONES_EFS "elasticfilesystem"
#define ZONES_MEMORYDB "memory-db"

check_fn check_preflight_zones;

/* --- preflight_cidr.c, preflight_key.c, preflight_public_access.c --- */
check_fn check_preflight_cidr_overlap, check_preflight_key, check_preflight_public_access;

/* --- preflight_names.c: what an earlier try may have left --- */
check_fn check_preflight_bucket, check_preflight_roles, check_preflight_instance_profile,
	check_preflight_memorydb;

#endif
