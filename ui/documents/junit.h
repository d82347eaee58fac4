/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `verify --output junit`: the report as JUnit XML, for the test pages of CI systems.
 *
 * There is no standard; what is written is the part on which the readers agree (Ant's report, the schema of the
 * Jenkins xUnit plugin "junit-10.xsd", GitLab): a testsuite a group, a testcase a check.
 *
 *     FAIL      <failure type="CHECK" message="what was found">
 *     WARN      passed, the finding in <system-out>; under strict a <failure>
 *     UNKNOWN   <error>
 *     SKIP      <skipped message="needs network">
 *     ignored   <skipped message="ignored: REASON">, whatever the verdict
 *
 * classname is CLOUD.GROUP, name the check's id. Bodies say what must hold, what was found, the evidence, why
 * it matters and what to do. A run that broke off has a last suite "run" with one <error>, so that a reader who
 * sees only the file does not take it for a good one.
 *
 * Counts are those of the elements in the file. timestamp is UTC without a zone, as Ant's schema wants it; time
 * is in seconds: of a testcase, since the decision before it in its group, so that cases add up to their suite;
 * groups are looked at together, so that suites do not add up to the whole.
 */
#ifndef CLOUDCTL_UI_DOCUMENTS_JUNIT_H
#define CLOUDCTL_UI_DOCUMENTS_JUNIT_H

#include "ui/documents/renderer.h"

renderer_write junit_write;

/* Many clouds: suites "CLOUD: GROUP"; the whole has no counts, which would come before anything was counted. */
renderer_many_write junit_begin, junit_end;
renderer_many_add junit_add;

#endif
