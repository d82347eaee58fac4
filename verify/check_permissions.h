/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of what the two roles may do, and their rows for the catalogue. Only checks.c and tests include this. */
#ifndef CLOUDCTL_VERIFY_CHECK_PERMISSIONS_H
#define CLOUDCTL_VERIFY_CHECK_PERMISSIONS_H

#include "verify/check.h"

check_fn check_iam_control_plane_clusters, check_iam_control_plane_pass_role,
	check_iam_control_plane_services, check_iam_control_plane_spot, check_iam_node_ecr,
	check_s3_access_control_plane, check_s3_access_node, check_s3_kms;

/* iam.control-plane.clusters … s3.kms, in the order of design.md §5.3. */
extern const struct check permission_checks[];
extern const size_t permission_check_count;

#endif
