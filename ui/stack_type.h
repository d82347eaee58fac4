/* SPDX-License-Identifier: Apache-2.0 */
/* What people should know of a resource type of CloudFormation: where it belongs, how long it takes. Pure. */
#ifndef CLOUDCTL_UI_STACK_TYPE_H
#define CLOUDCTL_UI_STACK_TYPE_H

struct stack_type {
	const char *type;    /* "AWS::EC2::VPC" */
	const char *section; /* "Network": the branch of the tree it stands on */
	int create_s;        /* seconds it usually takes; 0: not known */
	int delete_s;
	/*
	 * What it waits for in our template: a resource is begun after those of the levels below it that it needs, and
	 * taken away before them.
	 */
	int level;
};

enum { STACK_TYPE_LEVELS = 3 };

/* Never NULL: a type that is not in the table is an "Other resources" of no known time. */
const struct stack_type *stack_type_of(const char *type);

#endif
