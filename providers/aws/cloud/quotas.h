/* SPDX-License-Identifier: Apache-2.0 */
/* The quotas that are asked for, as Service Quotas calls them (Service Quotas API Reference, GetServiceQuota). */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_QUOTAS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_QUOTAS_H

/* of the service "vpc", for a region */
#define QUOTA_VPCS "L-F678F1CE"
#define QUOTA_INTERNET_GATEWAYS "L-A4707A72"
#define QUOTA_SECURITY_GROUPS "L-E79EC296"
#define QUOTA_GATEWAY_ENDPOINTS "L-1B52E74A"

/* of the same, for an availability zone */
#define QUOTA_NAT_GATEWAYS "L-FE5A380F"

/* of the same: security groups of one network interface; what an account has to begin with, and what AWS gives at most */
#define QUOTA_GROUPS_OF_AN_INTERFACE "L-2AFB9258"
enum { GROUPS_BY_DEFAULT = 5, GROUPS_AT_MOST = 16 };

/* of the service "ec2": elastic IP addresses of a region */
#define QUOTA_ADDRESSES "L-0263D0A3"

/* of the service "ec2": vCPUs of running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances */
#define QUOTA_VCPUS "L-1216C47A"

/* of the service "ec2": vCPUs of the same families as spot instances, requested and running */
#define QUOTA_SPOT_VCPUS "L-34B43A08"

/* The command that asks AWS for a higher value; {region} is filled in as in every remedy. */
#define QUOTA_INCREASE(service, code, value) \
	"aws service-quotas request-service-quota-increase --service-code " service " --quota-code " code \
	" --desired-value " value " --region {region}"

#endif
