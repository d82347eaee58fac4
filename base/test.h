/* SPDX-License-Identifier: Apache-2.0 */
/* cmocka with the headers that it expects before itself. For tests only. */
#ifndef CLOUDCTL_BASE_TEST_H
#define CLOUDCTL_BASE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/array.h"

#endif
