/* cmocka behind one header, and the few helpers that every test file uses.
 *
 * A test program is: functions `static void test_x(void **state)`, one table
 * of cmocka_unit_test(), and `return run_tests("name", tests)`. Output is TAP.
 */
#ifndef PARLEY_TESTS_TEST_H
#define PARLEY_TESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

/* Run a call that must succeed; on failure print the error's own line. */
#define expect_ok(call, errp)                                                                                          \
	do {                                                                                                           \
		int rc_ = (call);                                                                                      \
		if (rc_ != 0)                                                                                          \
			fail_msg("%s: %s: %s", #call, err_name(rc_), (errp)->text);                                    \
	} while (0)

/* Run a call that must fail with that code; its text must hold `part` (NULL: any). */
#define expect_err(call, expected, errp, part)                                                                         \
	do {                                                                                                           \
		const char *part_ = (part);                                                                            \
		int rc_ = (call);                                                                                      \
		if (rc_ != (expected))                                                                                 \
			fail_msg("%s: got %s, expected %s (%s)", #call, err_name(rc_), err_name(expected),             \
				 (errp)->text);                                                                        \
		if (part_ && !strstr((errp)->text, part_))                                                             \
			fail_msg("%s: \"%s\" does not say \"%s\"", #call, (errp)->text, part_);                        \
	} while (0)

#undef run_tests /* cmocka's own, deprecated */
/* Leave a test that this machine or this run does not allow, saying why. Not skip(): cmocka prints that as a failure. */
#define leave_out(why)                                                                                                 \
	do {                                                                                                           \
		print_message("# left out: %s\n", (why));                                                              \
		return;                                                                                                \
	} while (0)

#define run_tests(name, tests)                                                                                         \
	(cmocka_set_message_output(CM_OUTPUT_TAP), cmocka_run_group_tests_name((name), (tests), NULL, NULL))

#endif
