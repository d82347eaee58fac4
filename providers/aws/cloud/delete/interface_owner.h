/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose a network interface is that a service of AWS made: the services say it in the interface's description. Which words
 * they use is in no reference; each row is of a public recording or of the service's user guide. Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_INTERFACE_OWNER_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_INTERFACE_OWNER_H

#include <jansson.h>

struct arena;

/* What has the interface, and how that is deleted. */
struct interface_owner {
	const char *description; /* glob */
	const char *kind;        /* "load balancer" */
	const char *id_after; /* the owner's id stands after this in the description; NULL: it is not told */
	const char *id_until; /* and before this; NULL: to the end */
	const char *command;  /* as a pattern with {id}; NULL: none is safe to be pasted */
	const char *advice;   /* what to do then, as a sentence without its end; NULL: there is a command */
};

/* The row for an interface, an element of DescribeNetworkInterfaces; NULL: no service that is known. */
const struct interface_owner *interface_owner_find(const json_t *interface);

/* The id of the owner that the description tells, in arena; NULL: none. */
const char *interface_owner_id(struct arena *arena, const struct interface_owner *owner,
	const json_t *interface);

#endif
