/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: the clouds of testdata/facts and changes to them. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_CHECKS_FACTS_TEST_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_CHECKS_FACTS_TEST_H

#include "providers/aws/cloud/aws_provider.h"
#include "providers/aws/cloud/cloud_plan.h"
#include "providers/records/cloud.h"
#include "verify/fake_source.h"
#include "verify/verification.h"

struct arena;

/*
 * A JSON document of testdata ("permissions/cases.json"), kept by the arena; fails the test, or ends a program that has
 * not begun its tests, when it cannot be read.
 */
json_t *facts_test_read(struct arena *arena, const char *name);

/* The cases of all files of testdata/facts/mutations in one array, kept by the arena. Fails as facts_test_read() does. */
json_t *facts_test_mutations(struct arena *arena);

/*
 * The good cloud of a kind ("direct": good-direct.json), kept by the arena. A document with a member "base" holds only
 * what it replaces in that other document, cloud and facts by name.
 */
json_t *facts_test_cloud(struct arena *arena, const char *kind);

/*
 * Change a document in place, in the manner of JSON Patch (RFC 6902): "replace" something that exists, "remove" it,
 * "add" a member or (path ends in "/-") an element; and "document": replace by the JSON text of value, as policy
 * documents come. Fails the test when the path leads nowhere.
 */
void facts_test_change(json_t *document, const json_t *changes);

/* 2026-01-02T03:04:05Z, when they are loaded. */
#define FACTS_TEST_NOW_MS INT64_C(1767323045000)

/* The facts of a document, about its cloud, which is put into *cloud. Fails the test when they cannot be loaded. */
struct facts *facts_test_load(struct arena *arena, const json_t *document, struct cloud *cloud);

/* A fake AWS in us-west-2 that answers with these facts; a denied operation names its IAM action. */
void facts_test_fake(struct arena *arena, const struct facts *facts, struct fake_source *fake);

/* Judge a document with every check; fails the test when it cannot be loaded. result->facts are its facts. */
void facts_test_judge(struct arena *arena, const json_t *document, struct cloud *cloud,
	struct verification *result);

/* verify_run() of a cloud from nothing, with the fake; options and stream may be NULL. */
int facts_test_run(struct arena *arena, struct fake_source *fake, const struct cloud *cloud,
	const struct verify_options *options, struct event_stream *stream, struct verification *result,
	struct error *err);

#endif
