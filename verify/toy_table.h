/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests: a provider as small as can be. A cloud of it is a disk and its mounts; two kinds, three facts, three checks.
 *
 * To this provider a struct cloud is what toy_section() makes of it. By itself that is the toy cloud; a test that has
 * records sets it to what returns the record's section.
 */
#ifndef CLOUDCTL_VERIFY_TOY_TABLE_H
#define CLOUDCTL_VERIFY_TOY_TABLE_H

#include "verify/check.h"
#include "verify/ignore.h"
#include "verify/plan.h"

struct toy_cloud {
	const char *disk;        /* "disks/d-1", or NULL */
	struct text_list mounts; /* "m-1" */
	struct text_list spares; /* that no kind is for */
	bool shared;             /* the mounts are for several */
	struct ignored_list ignored;
};

extern const struct toy_cloud *(*toy_section)(const struct cloud *cloud);

/* Operations; the source compares their addresses. Their text is the permission that they need. */
extern const char toy_find_disk[], toy_read_mount[], toy_measure_disk[];

enum toy_fact {
	TOY_DISK,   /* {"disks": [{"id": …, "locked": bool}]} */
	TOY_MOUNTS, /* by mount: {"state": "up"}; JSON null: there is none */
	TOY_USAGE,  /* {"percent": n}; optional, asked where the disk is */
	TOY_FACTS,
};

enum toy_kind {
	TOY_KIND_DISK,
	TOY_KIND_MOUNTS,
	TOY_KINDS,
};

/*
 * Groups "storage" (disk.exists, disk.usage) and "mounts" (mounts.up, for shared clouds). disk.exists fails without a
 * disk, disk.usage warns above 80 %, mounts.up fails for each mount that is not up.
 */
extern const struct check_table toy_table;

#endif
