/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts in a file: `verify --save-facts FILE` and `verify --facts FILE`. The document is facts_save()'s
 * (verify/facts.h); whoever reads it gets the same findings without AWS.
 */
#ifndef CLOUDCTL_CMD_SAVED_FACTS_H
#define CLOUDCTL_CMD_SAVED_FACTS_H

#include "base/error.h"
#include "verify/facts.h"

enum { SAVED_FACTS_MAX = 256 << 20 }; /* bytes of a file that is read */

/* Replace the file, atomically and with mode 0600: facts hold ids, ARNs and policies, though nothing secret. */
int saved_facts_write(const char *path, const struct facts *facts, struct error *err);

/*
 * Read a file, perhaps a stranger's. *facts, which are about *cloud, and what they hold belong to arena. ERROR_INPUT says what
 * is wrong and where.
 */
int saved_facts_read(struct arena *arena, const char *path, struct facts **facts, struct cloud *cloud,
	struct error *err);

#endif
