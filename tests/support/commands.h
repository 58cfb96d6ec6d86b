/* Every command of a program, as its --help lists them. */
#ifndef ZQ_TEST_COMMANDS_H
#define ZQ_TEST_COMMANDS_H

enum { COMMANDS_MOST = 64 };

typedef struct command_list {
    char *lines[COMMANDS_MOST]; /* "admin create", "downgrade REV": optional words left out */
    int n;
} command_list;

/* malloc'ed. */
command_list commands_of(const char *program);

/* A line as a shell takes it: "downgrade 0002". Valid until the next call. */
const char *command_filled(const char *line);

#endif
