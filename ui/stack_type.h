/* SPDX-License-Identifier: Apache-2.0 */
/* What people should know of a resource type of CloudFormation: where it belongs, how long it takes. Pure. */
#ifndef CLOUDCTL_UI_STACK_TYPE_H
#define CLOUDCTL_UI_STACK_TYPE_H

struct stack_type {
	const char *type;    /* "AWS::EC2::VPC" */
	const char *section; /* "Network": the branch of the tree it stands on */
	int create_s;        /* seconds it usually takes; 0: not known */
	int delete_s;
};

/* Never NULL: a type that is not in the table is an "Other resources" of no known time. */
const struct stack_type *stack_type_of(const char *type);

#endif
