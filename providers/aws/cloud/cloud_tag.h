/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tag that the control plane gives to whatever it makes, with the cloud's id as its value. The policies of the
 * control-plane role demand it: of what is launched, and of all that is changed later.
 *
 * It is not the mark of what `setup` made, CLOUD_TAG (cloud_identity.h), although the key may be the same: that one says
 * what belongs to the stack and is deleted with it, this one what the control plane may change.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_CLOUD_TAG_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_CLOUD_TAG_H

#include <stdbool.h>

struct cloud;

/* The key that Anyscale's control plane sends ("Detailed resource requirements", IAM Role for cross account access). */
#define ANYSCALE_TAG "anyscale-cloud-id"

/* What the tag's key must be, after "is not". */
extern const char cloud_tag_form[];

/*
 * Can it be the key of a tag and of a condition on that tag: 1 to 64 of A-Z a-z 0-9 and _.:/=+@-, not beginning with aws:
 * (Tag naming limits, AWS General Reference)? The template's parameter CloudTag takes the same.
 */
bool cloud_tag_valid(const char *key);

/* The key that a control plane of this account sends unless the user says otherwise; account may be NULL. */
const char *cloud_tag_default(const char *account);

/* The key in the cloud's record; NULL in a record from before it was kept, whose control plane may send either key. */
const char *cloud_tag(const struct cloud *cloud);

/* The key that the cloud's control plane is taken to send: the record's, or CLOUD_TAG. */
const char *cloud_tag_sent(const struct cloud *cloud);

#endif
