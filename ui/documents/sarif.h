/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `verify --output sarif`: the report as a SARIF log (OASIS, Static Analysis Results Interchange Format 2.1.0
 * plus errata 01), one run. Section numbers are that document's.
 *
 *     verdict   kind (3.27.9)    level (3.27.10)
 *     PASS      pass             none
 *     WARN      fail             warning
 *     FAIL      fail             error
 *     UNKNOWN   open             none
 *     SKIP      notApplicable    none
 *
 * Rules are the checks that gave findings. A result's places are its resources, logical locations; there is no
 * file, so readers that show only results in files have nothing to show them in. What is ignored is suppressed,
 * "external", the reason as justification (3.35). partialFingerprints has "cloudctlCheck/v1", CLOUD/CHECK, which
 * is the same in every run whatever was found. automationDetails.id is CLOUD/: a category without a run's own
 * name (3.17.3), so that readers keep clouds apart. --strict changes only the exit code.
 *
 * invocations[0].executionSuccessful is true when every check was judged, whatever the verdict; exitCode is the
 * process's.
 */
#ifndef CLOUDCTL_UI_DOCUMENTS_SARIF_H
#define CLOUDCTL_UI_DOCUMENTS_SARIF_H

#include "ui/documents/renderer.h"

renderer_write sarif_write;

/* Many clouds: a run each. */
renderer_many_write sarif_begin, sarif_end;
renderer_many_add sarif_add;

#endif
