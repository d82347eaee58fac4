/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model as a grid. Pure: the same model, size and character set give the same grid. From 40 × 10 on everything can be
 * reached; smaller grids show what fits.
 *
 *     cloudctl verify prod  us-west-2  123456789012            4.2s  34 calls      what runs
 *     FAILED: 1 failed, 1 warning, 39 passed                                       how it goes
 *     ✗ Mount target 1 failed: …                                                   a resource's first failure
 *     ▾ ✗ networks       ['net-1', 'net-2']           1 FAIL  8 PASS    1.2s       groups, and
 *         ✗ FAIL    networks.zones: all are in zone a                              their items
 *     ── networks.zones ────────────────────────────────────────────────────       the chosen one
 *     Expected: …  Seen: …  Why: …  Fix: …
 *     waiting 3s: net:ListNetworks (Throttling)                                    the last word
 *     ↑↓ move  Enter open  / search  f failures  n next  r again  ? help  q quit   keys
 */
#ifndef CLOUDCTL_UI_SCREEN_VIEW_H
#define CLOUDCTL_UI_SCREEN_VIEW_H

struct grid;
struct model;

/* Draws the whole grid. scratch holds what is made on the way; the caller frees it. */
struct arena;
void view_draw(struct model *model, struct grid *grid, struct arena *scratch);

/*
 * What is known by now, as lines for somebody who will not see the screen again: the first failure of a resource, and
 * the findings that did not pass. Nothing when there are none.
 */
struct str;
void view_last_words(const struct model *model, struct str *out);

#endif
