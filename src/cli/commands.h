/* The commands of parley, one row each in the table of main.c. */
#ifndef PARLEY_CLI_COMMANDS_H
#define PARLEY_CLI_COMMANDS_H

#include "cli/opt.h"

extern const struct command cmd_tour;                                               /* cmd_tour.c */
extern const struct command cmd_init, cmd_unlock, cmd_lock;                         /* cmd_home.c */
extern const struct command cmd_process_create, cmd_process_list, cmd_process_show; /* cmd_process.c */
extern const struct command cmd_add, cmd_set, cmd_retract, cmd_redact;              /* cmd_write.c */
extern const struct command cmd_same;                                               /* cmd_same.c */
extern const struct command cmd_show;                                               /* cmd_show.c */
extern const struct command cmd_list, cmd_log, cmd_search;                          /* cmd_list.c */
extern const struct command cmd_import;                                             /* cmd_import.c */
extern const struct command cmd_export, cmd_save;                                   /* cmd_export.c */
extern const struct command cmd_verify, cmd_rebuild;                                /* cmd_check.c */

#endif
