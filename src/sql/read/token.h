/* SQL text as tokens; what split.c and reader.h are built on. Pure, and nothing is copied. */
#ifndef ZQ_SQL_READ_TOKEN_H
#define ZQ_SQL_READ_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

typedef enum zq_token_kind {
    ZQ_TOKEN_END,
    ZQ_TOKEN_WORD,         /* keyword, bare name, number; may hold {table} */
    ZQ_TOKEN_NAME,         /* in backticks, which `text` includes */
    ZQ_TOKEN_STRING,       /* in ' or ", which `text` includes */
    ZQ_TOKEN_SIGN,         /* one byte of anything else */
    ZQ_TOKEN_LINE_COMMENT, /* without the end of the line */
    ZQ_TOKEN_COMMENT,      /* also an optimizer hint */
    ZQ_TOKEN_OPEN,         /* an executable comment begins: what is in it comes as tokens */
    ZQ_TOKEN_CLOSE,        /* it ends */
    ZQ_TOKEN_DELIMITER,    /* the scanner's delimiter */
    ZQ_TOKEN_BROKEN,       /* a quote or comment that is not ended, up to the end of the text */
} zq_token_kind;

typedef struct zq_token {
    zq_token_kind kind;
    const char *text;
    size_t length;
    unsigned line;  /* of its first byte */
    bool line_head; /* only white space is before it on its line */
} zq_token;

typedef struct zq_scanner {
    const char *text;
    size_t length;
    size_t at;
    unsigned line;         /* counts from 1 */
    const char *delimiter; /* NULL: none */
    bool in_executable;    /* between OPEN and CLOSE */
    unsigned leaves_out;   /* kinds of executable comments that zq_scan_code leaves out */
    unsigned executables;  /* those that were met */
} zq_scanner;

enum {
    ZQ_VERSION_COMMENT = 1, /* with a '!' behind its opening */
    ZQ_MARIADB_COMMENT = 2, /* with an 'M!' */
};

zq_token zq_scan(zq_scanner *scanner);

/* The same, comments and the marks of executable ones left out, and what `leaves_out` says. */
zq_token zq_scan_code(zq_scanner *scanner);

/* Is the token this word, in any case? `word` is upper case. */
bool zq_token_is(const zq_token *token, const char *word);
bool zq_token_is_sign(const zq_token *token, char sign);

#endif
